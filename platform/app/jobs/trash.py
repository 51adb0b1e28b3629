"""The trash: an ended job goes there with its run, comes back whole, or loses its files after a while.

The job's row, its timeline and its run's metrics stay for good: what was made from it can always name it.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import SYSTEM, UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.errors import Conflict, NotFound
from app.jobs import actions, attempts
from app.jobs.transitions import record
from app.master import Master
from app.models import Artifact, Checkpoint, Job
from app.tracking.rest import MlflowError
from app.workdir.service import get_settings
from proteinx.contracts.phrases import say
from proteinx.contracts.states import JOB_ENDS, JobState

log = logging.getLogger(__name__)

AT_ONCE: Final = 20


def throw_away(master: Master, user: UserActor, job_id: str) -> Job:
    """Repeating it is harmless. Raises Conflict for a job that has not ended, or whose model is registered."""
    with master.db.read() as session:
        job = _own(session, user, job_id)
    if JobState(job.state) not in JOB_ENDS:
        raise Conflict("still_live", f"This job is {job.state}; cancel it first.")
    if job.trashed_at is not None:
        return job
    registered = master.tracking.versions_of_run(job_id)
    if registered:
        told = f"Its model is registered as {', '.join(registered)}; delete that version in MLflow first."
        raise Conflict("model_registered", told)
    _in_mlflow(master, job_id, master.tracking.delete_run)
    with master.db.write() as session:
        job = _locked(session, job_id)
        job.trashed_at = job.trashed_at or now()
        record(session, job, "trashed", actor=user.label, reason="")
        audit.write(session, user, "job.trash", job_id)
    return job


def bring_back(master: Master, user: UserActor, job_id: str) -> Job:
    """Raises Conflict("purged") once its files are gone."""
    with master.db.read() as session:
        job = _own(session, user, job_id)
    if job.trashed_at is None:
        return job
    if job.purged_at is not None:
        raise Conflict("purged", f"Its files were removed on {job.purged_at:%Y-%m-%d}; `px retry` makes it again.")
    _in_mlflow(master, job_id, master.tracking.restore_run)
    with master.db.write() as session:
        job = _locked(session, job_id)
        job.trashed_at = None
        record(session, job, "restored", actor=user.label, reason="")
        audit.write(session, user, "job.restore", job_id)
    return job


def purge_old(master: Master) -> None:
    """Removes the files of what has been in the trash for the time that the settings give."""
    with master.db.read() as session:
        days = get_settings(session).trash_days
        old = select(Job.id).where(Job.trashed_at < now() - timedelta(days=days), Job.freed_bytes.is_(None))
        due = session.scalars(old.limit(AT_ONCE)).all()
    for job_id in due:
        _purge(master, job_id)


def _purge(master: Master, job_id: str) -> None:
    """First nobody can bring it back any more, then its files go, then that is noted: a crash in between is gone over
    again."""
    with master.db.write() as session:
        job = _locked(session, job_id)
        if job.trashed_at is None:  # somebody has just brought it back
            return
        job.purged_at = job.purged_at or now()
        session.execute(delete(Artifact).where(Artifact.job_id == job_id))
        session.execute(delete(Checkpoint).where(Checkpoint.job_id == job_id))
    places = [f"artifacts/{job_id}", f"checkpoints/{job_id}", f"logs/{job_id}", *_models(master, job_id)]
    freed = sum(size for place in places for _, size in master.storage.list(place))
    for place in places:
        master.storage.delete(place)
    with master.db.write() as session:
        job = _locked(session, job_id)
        job.freed_bytes = freed
        record(session, job, "purged", actor=SYSTEM, reason=say("purged", bytes=freed))


def _models(master: Master, job_id: str) -> list[str]:
    try:
        return master.tracking.model_prefixes_of_run(job_id)
    except MlflowError as error:
        log.warning("MLflow does not tell the models of run %s: %s", job_id, error)
        return []


def _in_mlflow(master: Master, job_id: str, change: Callable[[str], None]) -> None:
    try:
        change(job_id)
    except MlflowError as error:  # a person has done it there already, or the run is gone for good
        log.warning("MLflow refused to change run %s: %s", job_id, error)


def _own(session: Session, user: UserActor, job_id: str) -> Job:
    job = actions.get(session, job_id)
    authorize(user, Action.CHANGE, job.owner_id)
    return job


def _locked(session: Session, job_id: str) -> Job:
    job = attempts.lock_job(session, job_id)
    if job is None:
        raise NotFound("unknown_job", f"There is no job {job_id}.")
    return job
