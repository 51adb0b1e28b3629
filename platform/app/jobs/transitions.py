"""The only code that moves a job or an attempt. Every move is a row in `job_events`."""

from sqlalchemy.orm import Session

from app.clock import now
from app.errors import Conflict
from app.models import Attempt, Job, JobEventRow, Member
from proteinx.contracts.states import (
    ATTEMPT_ENDS,
    ATTEMPT_MOVES,
    JOB_ENDS,
    JOB_MOVES,
    AttemptState,
    JobState,
)


def move_job(session: Session, job: Job, to: JobState, *, actor: str, reason: str) -> None:
    """Raises Conflict if the table of moves has no such move."""
    origin = JobState(job.state)
    if to not in JOB_MOVES[origin]:
        raise Conflict("illegal_move", f"A job that is {origin.value} can't become {to.value}.")
    job.state, job.reason = to.value, reason
    if to is JobState.PENDING:
        job.queued_at = now()
    job.reserved_at = None
    if to is JobState.RUNNING and job.started_at is None:
        job.started_at = now()
    if to in JOB_ENDS:
        job.ended_at = now()
    record(session, job, "job", actor=actor, reason=reason, moved=(origin.value, to.value))


def move_attempt(session: Session, job: Job, attempt: Attempt, to: AttemptState, *, actor: str, reason: str) -> None:
    """Raises Conflict if the table of moves has no such move."""
    origin = AttemptState(attempt.state)
    if to not in ATTEMPT_MOVES[origin]:
        raise Conflict("illegal_move", f"An attempt that is {origin.value} can't become {to.value}.")
    attempt.state = to.value
    if reason:
        attempt.reason = reason
    if to is AttemptState.RUNNING and attempt.started_at is None:
        attempt.started_at = now()
    if to in ATTEMPT_ENDS:
        attempt.ended_at = now()
    record(
        session,
        job,
        "attempt",
        actor=actor,
        reason=reason,
        moved=(origin.value, to.value),
        attempt=attempt.number,
    )


def move_member(member: Member, to: AttemptState) -> None:
    """Members follow the same table; their moves are told by the attempt's."""
    origin = AttemptState(member.state)
    if to not in ATTEMPT_MOVES[origin]:
        raise Conflict("illegal_move", f"A member that is {origin.value} can't become {to.value}.")
    member.state = to.value


def record(
    session: Session,
    job: Job,
    kind: str,
    *,
    actor: str,
    reason: str,
    moved: tuple[str, str] | None = None,
    attempt: int | None = None,
) -> None:
    """Adds a line to the job's timeline."""
    origin, target = moved or (None, None)
    session.add(
        JobEventRow(
            job_id=job.id,
            attempt=attempt or (job.attempt or None),
            at=now(),
            actor=actor,
            kind=kind,
            from_state=origin,
            to_state=target,
            reason=reason,
        )
    )
