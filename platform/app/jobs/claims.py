"""The claim: an agent takes an assignment and gets all that it needs to run it."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import tokens
from app.accounts.actor import NodeActor
from app.datasets import inputs
from app.errors import AppError, Conflict, Gone, NotFound, Unprocessable
from app.jobs import attempts, checkpoints
from app.jobs.transitions import move_member
from app.master import Master
from app.models import Allocation, Attempt, Job, Member, Snapshot
from app.nodes import protocol
from app.workdir.service import get_settings
from proteinx.contracts.jobs import Claim, EnvironmentKind, JobSpec, Resources
from proteinx.contracts.phrases import say
from proteinx.contracts.protocol import JOB_TOKEN
from proteinx.contracts.states import AttemptState, Fault, JobState

_RECLAIMABLE = (AttemptState.CLAIMED.value, AttemptState.PREPARING.value)


@dataclass(frozen=True, slots=True)
class _Claimed:
    job: Job
    attempt: Attempt
    member: Member
    token: str


def claim(master: Master, node: NodeActor, job_id: str, number: int, request: Claim) -> JobSpec:
    """The specification, with a fresh token for this member of this attempt.

    Repeating a claim whose reply was lost is fine until the member runs; the earlier token dies. Raises Gone for what
    is over or was never so, Conflict for what is another node's or runs already, UpgradeRequired. If the job's
    inputs are gone, the attempt fails and the error is raised.
    """
    protocol.require(request.protocol)
    with master.db.write() as session:
        claimed = _take(session, node, job_id, number, request)
    try:
        with master.db.read() as session:
            return _spec(session, master, claimed)
    except (NotFound, Unprocessable) as error:
        _give_up(master, node, claimed, error)
        raise


def _take(session: Session, node: NodeActor, job_id: str, number: int, request: Claim) -> _Claimed:
    job = attempts.lock_job(session, job_id)
    attempt = session.get(Attempt, (job_id, number))
    if job is None or attempt is None or number != job.attempt:
        raise Gone("gone", f"Attempt {number} of job {job_id} is not the current one; drop this assignment.")
    member = session.get(Member, (job_id, number, request.rank))
    if member is None or member.node_id != node.id:
        raise Conflict("not_assigned", f"Rank {request.rank} of this attempt is not assigned to node {node.name}.")
    if attempts.is_over(attempt) or attempts.is_over(member) or job.state == JobState.CANCELLING.value:
        raise Gone("gone", f"Attempt {number} of job {job_id} is {attempt.state}; drop this assignment.")
    if member.dispatch_id != request.dispatch_id:
        raise Gone("gone", "This assignment was replaced by a newer one; drop it.")
    if member.state == AttemptState.ASSIGNED.value:
        move_member(member, AttemptState.CLAIMED)
        attempts.advance(session, job, attempt, actor=node.label)
    elif member.state not in _RECLAIMABLE:
        raise Conflict("already_claimed", f"Rank {request.rank} of this attempt is {member.state} already.")
    member.token_id, secret, token = tokens.make(JOB_TOKEN)
    member.token_hash = tokens.hash_secret(secret)
    return _Claimed(job, attempt, member, token)


def _spec(session: Session, master: Master, claimed: _Claimed) -> JobSpec:
    job, member = claimed.job, claimed.member
    snapshot = session.get_one(Snapshot, job.snapshot)
    mine = (Allocation.job_id == job.id, Allocation.attempt == member.attempt)
    gpus = select(Allocation.gpu_uuid).where(*mine, Allocation.rank == member.rank, Allocation.gpu_uuid.is_not(None))
    resources = Resources.model_validate(job.resources)
    return JobSpec(
        job_id=job.id,
        attempt=member.attempt,
        rank=member.rank,
        world_size=resources.nodes,
        token=claimed.token,
        project=job.project,
        snapshot=job.snapshot,
        snapshot_url=f"/api/snapshots/{job.snapshot}",
        snapshot_size=snapshot.size,
        entry_point=job.entry_point,
        parameters=job.parameters,
        overrides=job.overrides,
        inputs=inputs.specs(session, master, job),
        checkpoint=checkpoints.newest(session, job.id),
        resources=resources,
        gpu_uuids=[uuid for uuid in session.scalars(gpus.order_by(Allocation.id)) if uuid],
        experiment_id=job.experiment_id,
        time_limit=job.time_limit,
        grace=job.grace,
        stop_after=_stop_after(session, job),
        params_logged=job.config is not None,
        environment=cast(EnvironmentKind, job.environment),
        warm_start=job.warm_start,
        fault_rules=list(master.fault_rules),
    )


def _stop_after(session: Session, job: Job) -> float | None:
    return (job.lease or get_settings(session).lease_seconds) if job.on_partition == "stop" else None


def _give_up(master: Master, node: NodeActor, claimed: _Claimed, error: AppError) -> None:
    with master.db.write() as session:
        job = attempts.lock_job(session, claimed.job.id)
        attempt = session.get_one(Attempt, (claimed.attempt.job_id, claimed.attempt.number))
        if job is not None:
            attempts.end_attempt(
                session,
                master,
                job,
                attempt,
                AttemptState.FAILED,
                fault=Fault.USER,
                reason=say("inputs_gone", detail=error.detail),
                actor=node.label,
            )
