"""Ends jobs that have waited for a place longer than they were to."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import load_only

from app.jobs import attempts
from app.jobs.transitions import move_job
from app.master import Master
from app.models import Job
from app.scheduling.placing import Fence
from app.workdir.service import get_settings
from proteinx.contracts.states import JobState

ACTOR: Final = "scheduler"


def end_impatient(master: Master, fence: Fence, at: datetime) -> None:
    """A master that was away gets `claim_seconds` first, in which it may find a place for those that are due."""
    with master.db.read() as session:
        if at - master.ready_at <= timedelta(seconds=get_settings(session).claim_seconds):
            return
        limited = select(Job).where(Job.state == JobState.PENDING.value, Job.queue_limit.is_not(None))
        limited = limited.options(load_only(Job.id, Job.queue_limit, Job.queued_at, Job.created_at))
        due = [job.id for job in session.scalars(limited) if _is_due(job, at)]
    for job_id in due:
        with master.db.write() as session:
            fence(session)
            job = attempts.lock_job(session, job_id)
            if job is not None and job.state == JobState.PENDING.value and _is_due(job, at):
                reason = f"waited longer for a place than its queue limit of {job.queue_limit:g} s"
                move_job(session, job, JobState.FAILED, actor=ACTOR, reason=reason)


def _is_due(job: Job, at: datetime) -> bool:
    waited = at - (job.queued_at or job.created_at)
    return job.queue_limit is not None and waited > timedelta(seconds=job.queue_limit)
