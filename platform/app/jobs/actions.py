"""What people do to a job that exists: cancel, retry, clone, release."""

from typing import cast

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.errors import Conflict, NotFound
from app.jobs import attempts, service
from app.jobs.transitions import move_job
from app.master import Master
from app.models import Attempt, Job, Member
from proteinx.contracts.jobs import EnvironmentKind, JobCreate, Resources
from proteinx.contracts.phrases import say
from proteinx.contracts.states import JOB_ENDS, AttemptState, JobState


def get(session: Session, job_id: str) -> Job:
    """Raises NotFound."""
    job = session.get(Job, job_id)
    if job is None:
        raise _unknown(job_id)
    return job


def _unknown(job_id: str) -> NotFound:
    return NotFound("unknown_job", f"There is no job {job_id[:64]}.")


def _own(session: Session, user: UserActor, job_id: str) -> Job:
    job = attempts.lock_job(session, job_id)
    if job is None:
        raise _unknown(job_id)
    authorize(user, Action.CHANGE, job.owner_id)
    return job


def cancel(session: Session, master: Master, user: UserActor, job_id: str) -> Job:
    """At once where nothing runs yet; else the job is cancelling until its agent has ended it.

    Repeating it is harmless. Raises Conflict("already_ended") for a job that succeeded or failed.
    """
    job = _own(session, user, job_id)
    state = JobState(job.state)
    if state in (JobState.CANCELLED, JobState.CANCELLING):
        return job
    if state in JOB_ENDS:
        raise Conflict("already_ended", f"This job has {state.value} already; there is nothing to cancel.")
    audit.write(session, user, "job.cancel", job.id)
    call_off(session, master, job, actor=user.label, reason=say("cancelled_by", user=user.name))
    return job


def call_off(session: Session, master: Master, job: Job, *, actor: str, reason: str) -> None:
    """Ends a locked job that has not ended yet, whoever wants it. One that is being ended already is left alone."""
    state = JobState(job.state)
    if state is JobState.CANCELLING or state in JOB_ENDS:
        return
    if state in (JobState.PENDING, JobState.HELD):
        move_job(session, job, JobState.CANCELLED, actor=actor, reason=reason)
        return
    move_job(session, job, JobState.CANCELLING, actor=actor, reason=reason)
    attempt = session.get_one(Attempt, (job.id, job.attempt))
    members = attempts.members_of(session, attempt)
    if all(member.state == AttemptState.ASSIGNED.value for member in members):
        cancelled = AttemptState.CANCELLED
        attempts.end_attempt(session, master, job, attempt, cancelled, fault=None, reason=reason, actor=actor)
        return
    # Not rung for yet: the scheduler, woken by this commit, rings the doorbell for the cancellation.
    session.execute(update(Member).where(Member.job_id == job.id, Member.attempt == job.attempt).values(rung_at=None))


def release(session: Session, user: UserActor, job_id: str) -> Job:
    """A held job waits for a place again, with its count of failures at nought. Raises Conflict("not_held")."""
    job = _own(session, user, job_id)
    if JobState(job.state) in JOB_ENDS:
        raise Conflict("not_held", f"This job has {job.state} already; retry it instead.")
    if job.state != JobState.HELD.value:
        return job
    job.counted_attempts, job.excluded_nodes, job.not_before = 0, [], None
    audit.write(session, user, "job.release", job.id)
    move_job(session, job, JobState.PENDING, actor=user.label, reason=say("released_by", user=user.name))
    return job


def retry(master: Master, user: UserActor, job_id: str, idempotency_key: str | None) -> Job:
    """A new job with the same pins and `parent_job` set. Raises Conflict("still_live") before the first one ended."""
    with master.db.read() as session:
        job = get(session, job_id)
    if JobState(job.state) not in JOB_ENDS:
        raise Conflict("still_live", f"This job is {job.state}; cancel it first, or clone it to run a second one.")
    request = draft(job).model_copy(update={"idempotency_key": idempotency_key})
    return service.create(master, user, request, parent_job=job.id)


def draft(job: Job) -> JobCreate:
    """The request that would make this job again: same snapshot, same versions of its inputs."""
    return JobCreate(
        project=job.project,
        entry_point=job.entry_point,
        snapshot=job.snapshot,
        parameters=job.parameters,
        overrides=job.overrides,
        inputs=job.inputs,
        resources=Resources.model_validate(job.resources),
        name=job.name,
        experiment=job.experiment,
        tags=job.tags,
        notes=job.notes,
        priority=job.priority,
        preemptible=job.preemptible,
        max_attempts=job.max_attempts,
        time_limit=job.time_limit,
        queue_limit=job.queue_limit,
        lease=job.lease,
        on_partition=job.on_partition,
        grace=job.grace,
        register_as=job.register_as,
        environment=cast(EnvironmentKind, job.environment),
        warm_start=job.warm_start,
    )
