"""All that placement looks at, read from the database: what waits, what is free, what runs, who has had how much."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from app.accounts import quotas
from app.jobs.backoff import LONGEST_SECONDS
from app.models import Allocation, Attempt, Gpu, Job, Member
from app.nodes import free
from app.scheduling.capacity import GpuGrant, Held, NodeCapacity, PendingJob, UserState
from app.scheduling.environments import needing
from app.scheduling.placement import LEAVING_SECONDS
from app.scheduling.policy import Policy, policy_of
from app.scheduling.usage import Ledger, Use, rate
from app.workdir.service import get_settings
from proteinx.contracts.jobs import Resources
from proteinx.contracts.states import ATTEMPT_ENDS, JobState
from proteinx.contracts.system import SystemSettings

CHUNK: Final = 500
_ENDED: Final = frozenset(state.value for state in ATTEMPT_ENDS)


@dataclass(frozen=True, slots=True)
class State:
    pending: list[PendingJob]
    nodes: list[NodeCapacity]
    running: list[Held]
    users: dict[str, UserState]
    """By user id."""
    policy: Policy


@dataclass(slots=True)
class Memory:
    """What a process keeps from one look to the next, since it never changes or is dear to find out."""

    ledger: Ledger = field(default_factory=Ledger)
    wishes: dict[str, Resources] = field(default_factory=dict)
    """What jobs that wait ask for."""


def read(session: Session, memory: Memory, at: datetime) -> State:
    settings = get_settings(session)
    rows = _live(session)
    return State(
        pending=waiting(session, memory, at),
        nodes=free.capacity(session, held=rows),
        running=_held(rows, at),
        users=users(session, memory.ledger, at, settings, rows),
        policy=policy_of(settings),
    )


def waiting(session: Session, memory: Memory, at: datetime) -> list[PendingJob]:
    """Pending jobs whose time has come. One that would have to wait longer than anybody is made to got its time from
    a clock that was set back since."""
    longest = timedelta(seconds=LONGEST_SECONDS)
    ready = or_(Job.not_before.is_(None), Job.not_before <= at, Job.not_before > at + longest)
    columns = (
        Job.id, Job.priority, Job.created_at, Job.excluded_nodes, Job.not_before, Job.owner_id, Job.time_limit,
        Job.grace, Job.queued_at, Job.reserved_at,
    )  # fmt: skip
    query = select(*columns).where(Job.state == JobState.PENDING.value, ready)
    rows: list[Row[Any]] = list(session.execute(query))
    wishes = _wishes(session, memory, [row.id for row in rows])
    found = [_pending(row, wishes[row.id]) for row in rows if row.id in wishes]
    return [replace(job, not_before=None) if job.not_before and job.not_before > at else job for job in found]


def _wishes(session: Session, memory: Memory, job_ids: list[str]) -> dict[str, Resources]:
    known = memory.wishes
    found = {job_id: known[job_id] for job_id in job_ids if job_id in known}
    missing = [job_id for job_id in job_ids if job_id not in found]
    for start in range(0, len(missing), CHUNK):
        some = select(Job.id, Job.resources, Job.environment).where(Job.id.in_(missing[start : start + CHUNK]))
        found |= {row.id: _need(row) for row in session.execute(some)}
    memory.wishes = found
    return found


def pending(job: Job) -> PendingJob:
    return _pending(job, _need(job))


def _need(job: Job | Row[Any]) -> Resources:
    return needing(Resources.model_validate(job.resources), job.environment)


def _pending(job: Job | Row[Any], resources: Resources) -> PendingJob:
    return PendingJob(
        id=job.id,
        priority=job.priority,
        created_at=job.created_at,
        resources=resources,
        excluded_nodes=frozenset(job.excluded_nodes),
        not_before=job.not_before,
        owner=job.owner_id,
        duration=None if job.time_limit is None else job.time_limit + job.grace,
        queued_at=job.queued_at,
        reserved_at=job.reserved_at,
    )


def users(
    session: Session, ledger: Ledger, at: datetime, settings: SystemSettings, rows: Iterable[Row[Any]] | None = None
) -> dict[str, UserState]:
    """Everybody who has a quota, has had something of late, or has something now; `rows`: what is live, if known."""
    rows = _live(session) if rows is None else rows
    terms = {"half_life": settings.fair_share_half_life_seconds, "cpus_per_gpu": settings.cpus_per_gpu}
    live = [Use(row.owner_id, _rate(row, settings), row.assigned_at) for row in rows]
    averages = ledger.averages(session, live, at, **terms)
    holding: dict[str, float] = defaultdict(float)
    gpus: dict[str, int] = defaultdict(int)
    jobs: dict[str, set[str]] = defaultdict(set)
    for row, use in zip(rows, live, strict=True):
        holding[use.user_id] += use.rate
        gpus[use.user_id] += row.gpu_uuid is not None
        if row.state not in _ENDED:
            jobs[use.user_id].add(row.job_id)
    limits = quotas.all_of(session, settings)
    return {
        user_id: UserState(
            average=averages.get(user_id, 0.0),
            gpus=gpus[user_id],
            jobs=len(jobs[user_id]),
            holding=holding[user_id],
            share=quota.share,
            max_gpus=quota.max_gpus,
            max_jobs=quota.max_running,
        )
        for user_id, quota in limits.items()
    }


def _rate(row: Row[Any], settings: SystemSettings) -> float:
    return rate(row.cpus, row.gpu_memory, row.gpu_total, settings.cpus_per_gpu)


def _live(session: Session) -> list[Row[Any]]:
    """One row for each allocation that is not released."""
    query = (
        select(Allocation.job_id, Allocation.attempt, Allocation.rank, Allocation.node_id, Allocation.gpu_uuid)
        .add_columns(Allocation.slot, Allocation.gpu_memory, Allocation.cpus, Allocation.memory)
        .add_columns(Member.state, Gpu.memory_bytes.label("gpu_total"))
        .add_columns(Attempt.assigned_at, Attempt.started_at, Attempt.level, Attempt.preempt_at)
        .add_columns(Job.owner_id, Job.preemptible, Job.time_limit, Job.grace, Job.state.label("job_state"))
        .join(
            Member,
            (Member.job_id == Allocation.job_id)
            & (Member.attempt == Allocation.attempt)
            & (Member.rank == Allocation.rank),
        )
        .join(Attempt, (Attempt.job_id == Allocation.job_id) & (Attempt.number == Allocation.attempt))
        .join(Job, Job.id == Allocation.job_id)
        .outerjoin(Gpu, Gpu.uuid == Allocation.gpu_uuid)
        .where(Allocation.released_at.is_(None))
        .order_by(Allocation.id)
    )
    return list(session.execute(query))


def _held(rows: Iterable[Row[Any]], at: datetime) -> list[Held]:
    members: dict[tuple[str, int, int], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        members[row.job_id, row.attempt, row.rank].append(row)
    return [_member(of_one, at) for of_one in members.values()]


def _member(rows: list[Row[Any]], at: datetime) -> Held:
    first = rows[0]
    leaving = first.state in _ENDED or first.preempt_at is not None or first.job_state == JobState.CANCELLING.value
    return Held(
        job_id=first.job_id,
        node_id=first.node_id,
        cpus=sum(row.cpus for row in rows),
        memory=sum(row.memory for row in rows),
        gpus=tuple(GpuGrant(row.gpu_uuid, row.slot, row.gpu_memory) for row in rows if row.gpu_uuid),
        ends_at=_ends_at(first, at, leaving),
        priority=first.level,
        started_at=first.assigned_at,
        preemptible=first.preemptible,
        leaving=leaving,
    )


def _ends_at(row: Row[Any], at: datetime, leaving: bool) -> datetime | None:
    """An attempt that is over, or told to end, is thought to be gone in a moment."""
    if leaving:
        return at + timedelta(seconds=min(row.grace, LEAVING_SECONDS))
    if row.time_limit is None:
        return None
    return (row.started_at or at) + timedelta(seconds=row.time_limit + row.grace)
