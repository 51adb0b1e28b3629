"""Tidies what a crash between MLflow and the database may have left."""

from datetime import timedelta

from sqlalchemy import select

from app.clock import now
from app.jobs.tags import JOB_TAG
from app.master import Master
from app.models import Job, Sweep

GRACE = timedelta(minutes=10)
"""A run younger than this may belong to a job that is being made right now."""


def close_orphan_runs(master: Master, grace: timedelta = GRACE) -> list[str]:
    """Ends the open MLflow runs that the master made and that have no job and no sweep; returns their ids.

    Raises Unavailable while MLflow is away.
    """
    runs = master.tracking.open_runs(JOB_TAG, before=now() - grace)
    if not runs:
        return []
    with master.db.read() as session:
        known = {*session.scalars(select(Job.id).where(Job.id.in_(runs)))}
        known |= {*session.scalars(select(Sweep.id).where(Sweep.id.in_(runs)))}
    orphans = [run for run in runs if run not in known]
    for run in orphans:
        master.tracking.set_tags(run, {"proteinx.orphan": "the master stopped before it could make what it was for"})
        master.tracking.set_status(run, "FAILED")
    return orphans
