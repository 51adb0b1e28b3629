"""Sends a running job back to the queue for one of higher priority; it goes on later from its last checkpoint."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.clock import now
from app.jobs import attempts
from app.jobs.transitions import record
from app.master import Master
from app.models import Attempt, Job, Member
from proteinx.contracts.phrases import say
from proteinx.contracts.states import AttemptState, JobState

ACTOR = "scheduler"
_LIVE = (JobState.SCHEDULED.value, JobState.RUNNING.value)


def order(session: Session, master: Master, job_id: str, *, by: str) -> None:
    """At once where nothing runs yet; else its agents are told, with the bell and with their next heartbeats.

    Does nothing for a job that is ending anyway, or may not be disturbed any more.
    """
    job = attempts.lock_job(session, job_id)
    if job is None or job.state not in _LIVE or not job.preemptible:
        return
    attempt = session.get_one(Attempt, (job.id, job.attempt), populate_existing=True)
    if attempt.preempt_at is not None or attempts.is_over(attempt):
        return
    reason = say("makes_room", job=_name(session, by))
    members = attempts.members_of(session, attempt)
    if all(member.state == AttemptState.ASSIGNED.value for member in members):
        to = AttemptState.PREEMPTED
        attempts.end_attempt(session, master, job, attempt, to, fault=None, reason=reason, actor=ACTOR)
        return
    attempt.preempt_at, attempt.preempt_reason = now(), reason
    record(session, job, "preempt", actor=ACTOR, reason=reason, attempt=attempt.number)
    # Not rung for yet: the step that rings comes right after this one.
    session.execute(update(Member).where(Member.job_id == job.id, Member.attempt == job.attempt).values(rung_at=None))


def _name(session: Session, job_id: str) -> str:
    job = session.get(Job, job_id)
    return f"{job.name} ({job_id[:12]})" if job is not None else f"job {job_id[:12]}"
