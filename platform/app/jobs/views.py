"""Rows of jobs as they are shown."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.logs import log_key
from app.master import Master
from app.models import Allocation, Attempt, Job, JobEventRow, Member, Node, User
from proteinx.contracts.jobs import AttemptView, EnvironmentKind, JobDetail, JobEvent, JobView, MemberView, Resources
from proteinx.contracts.phrases import told
from proteinx.contracts.states import AttemptState, Fault, JobState


def job_view(job: Job, owner: str, nodes: Sequence[str] = ()) -> JobView:
    return JobView(
        id=job.id,
        name=job.name,
        owner=owner,
        project=job.project,
        snapshot=job.snapshot,
        entry_point=job.entry_point,
        parameters=job.parameters,
        overrides=job.overrides,
        inputs=job.inputs,
        resources=Resources.model_validate(job.resources),
        experiment=job.experiment,
        experiment_id=job.experiment_id,
        tags=job.tags,
        notes=job.notes,
        priority=job.priority,
        preemptible=job.preemptible,
        max_attempts=job.max_attempts,
        time_limit=job.time_limit,
        queue_limit=job.queue_limit,
        on_partition=job.on_partition,
        register_as=job.register_as,
        registered_version=job.registered_version,
        environment=cast(EnvironmentKind, job.environment),
        warm_start=job.warm_start,
        state=JobState(job.state),
        reason=job.reason,
        reason_words=told(job.reason),
        attempt=job.attempt,
        nodes=list(nodes),
        parent_job=job.parent_job,
        parent_run=job.parent_run,
        trashed_at=job.trashed_at,
        purged_at=job.purged_at,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        metrics=job.metrics,
    )


def owner_of(session: Session, job: Job) -> str:
    return session.scalars(select(User.name).where(User.id == job.owner_id)).one()


def nodes_of(session: Session, jobs: Iterable[Job]) -> dict[str, list[str]]:
    """Of each job: the names of the nodes of its newest attempt, by rank."""
    found: dict[str, list[str]] = defaultdict(list)
    query = select(Member.job_id, Node.name).join(Node, Node.id == Member.node_id)
    query = query.join(Job, (Job.id == Member.job_id) & (Job.attempt == Member.attempt))
    query = query.where(Job.id.in_([job.id for job in jobs])).order_by(Member.job_id, Member.rank)
    for job_id, name in session.execute(query):
        found[job_id].append(name)
    return found


def detail(session: Session, master: Master, job: Job) -> JobDetail:
    members = _members(session, master, job)
    rows = session.scalars(select(Attempt).where(Attempt.job_id == job.id).order_by(Attempt.number))
    attempts = [_attempt(attempt, members[attempt.number]) for attempt in rows]
    nodes = [member.node for member in members[job.attempt]]
    view = job_view(job, owner_of(session, job), nodes)
    return JobDetail(**view.model_dump(), config=job.config, attempts=attempts)


def _attempt(attempt: Attempt, members: list[MemberView]) -> AttemptView:
    return AttemptView(
        number=attempt.number,
        state=AttemptState(attempt.state),
        fault=Fault(attempt.fault) if attempt.fault else None,
        reason=attempt.reason,
        reason_words=told(attempt.reason),
        exit_code=attempt.exit_code,
        last_lines=attempt.last_lines,
        assigned_at=attempt.assigned_at,
        started_at=attempt.started_at,
        ended_at=attempt.ended_at,
        members=members,
        environment=attempt.environment,
    )


def _members(session: Session, master: Master, job: Job) -> dict[int, list[MemberView]]:
    gpus: dict[tuple[int, int], list[str]] = defaultdict(list)
    query = select(Allocation.attempt, Allocation.rank, Allocation.gpu_uuid)
    query = query.where(Allocation.job_id == job.id, Allocation.gpu_uuid.is_not(None)).order_by(Allocation.id)
    for attempt, rank, uuid in session.execute(query):
        gpus[attempt, rank].append(uuid or "")
    views: dict[int, list[MemberView]] = defaultdict(list)
    rows = select(Member, Node.name).join(Node, Node.id == Member.node_id).where(Member.job_id == job.id)
    for member, node in session.execute(rows.order_by(Member.attempt, Member.rank)):
        current = member.attempt == job.attempt
        start = str(member.detail.get("start", ""))
        size = master.storage.size(log_key(job.id, member.attempt, member.rank)) if current else None
        views[member.attempt].append(
            MemberView(
                rank=member.rank,
                node_id=member.node_id,
                node=node,
                state=AttemptState(member.state),
                gpus=gpus[member.attempt, member.rank],
                log_bytes=member.log_bytes if size is None else size,
                environment=str(member.detail.get("environment", "")),
                start=start,
                start_words=told(start.removeprefix("cold: ")),
            )
        )
    return views


def events(session: Session, job_id: str) -> list[JobEvent]:
    """The job's timeline, oldest first."""
    rows = session.scalars(select(JobEventRow).where(JobEventRow.job_id == job_id).order_by(JobEventRow.id))
    return [
        JobEvent(
            id=row.id,
            at=row.at,
            attempt=row.attempt,
            actor=row.actor,
            kind=row.kind,
            from_state=row.from_state,
            to_state=row.to_state,
            reason=row.reason,
            reason_words=told(row.reason),
        )
        for row in rows
    ]
