"""What has happened lately, read from the rows that say so anyway: nothing that moves a job has to think of this."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.master import Master
from app.models import Job, JobEventRow, Node, Sweep, User
from app.nodes import health
from app.notifications.wording import Happening
from app.workdir.service import get_settings
from app.workdir.service import view as workdir_view
from proteinx.contracts.nodes import NodeHealth
from proteinx.contracts.notifications import NotifyEvent
from proteinx.contracts.states import JobState

LOOK_BACK: Final = timedelta(hours=1)
"""A master that was away for less tells what it missed."""
LOW_SHARE: Final = 0.05
GIB: Final = 1024**3
_OF_JOB: Final = {
    JobState.SUCCEEDED.value: NotifyEvent.JOB_SUCCEEDED,
    JobState.FAILED.value: NotifyEvent.JOB_FAILED,
    JobState.CANCELLED.value: NotifyEvent.JOB_CANCELLED,
    JobState.HELD.value: NotifyEvent.JOB_HELD,
}

Told = tuple[Happening, datetime, str | None]
"""What happened, when, and whose it is; nobody's is everybody's business."""


def lately(session: Session, master: Master) -> Iterator[Told]:
    since = now() - LOOK_BACK
    yield from _jobs(session, since)
    yield from _sweeps(session, since)
    yield from _nodes(session, master, since)
    yield from _disk(session)


def _jobs(session: Session, since: datetime) -> Iterator[Told]:
    """Trials are left out: their sweep's end is told."""
    trials = select(Sweep.id)
    query = (
        select(JobEventRow.id, JobEventRow.at, JobEventRow.to_state, JobEventRow.reason, Job, User.name)
        .join(Job, Job.id == JobEventRow.job_id)
        .join(User, User.id == Job.owner_id)
        .where(JobEventRow.at >= since, JobEventRow.kind == "job", JobEventRow.to_state.in_(_OF_JOB))
        .where(Job.parent_run.is_(None) | Job.parent_run.not_in(trials))
    )
    for row in session.execute(query):
        job: Job = row.Job
        data = {
            "name": job.name,
            "id": job.id,
            "state": row.to_state,
            "reason": row.reason,
            "project": job.project,
            "owner": row.name,
        }
        yield Happening(_OF_JOB[row.to_state], f"job-event:{row.id}", data, f"/jobs/{job.id}"), row.at, job.owner_id


def _sweeps(session: Session, since: datetime) -> Iterator[Told]:
    query = select(Sweep, User.name).join(User, User.id == Sweep.owner_id).where(Sweep.ended_at >= since)
    for sweep, owner in session.execute(query):
        best = "" if not sweep.best else f"{sweep.request['metric']} {sweep.best['value']:.6g}"
        data = {
            "name": sweep.name,
            "id": sweep.id,
            "state": sweep.state,
            "reason": sweep.reason,
            "project": sweep.project,
            "owner": owner,
            "best": best,
        }
        ended = sweep.ended_at or since
        yield (
            Happening(NotifyEvent.SWEEP_ENDED, f"sweep:{sweep.id}", data, f"/sweeps/{sweep.id}"),
            ended,
            sweep.owner_id,
        )


def _nodes(session: Session, master: Master, since: datetime) -> Iterator[Told]:
    settings = get_settings(session)
    for node in session.scalars(select(Node).where(Node.removed_at.is_(None))):
        heard = health.last_heard(node)
        if heard < since or health.of(node, settings, master.ready_at) is not NodeHealth.LOST:
            continue
        data = {"name": node.name, "id": node.id, "last_heard": heard.isoformat(timespec="seconds")}
        key = f"node:{node.id}:{heard.isoformat()}"
        yield Happening(NotifyEvent.NODE_LOST, key, data, f"/nodes/{node.id}"), now(), None


def _disk(session: Session) -> Iterator[Told]:
    """Once a day while it lasts."""
    view = workdir_view(session)
    if view.free_bytes is None or view.total_bytes is None:
        return
    least = max(2 * get_settings(session).min_free_bytes, LOW_SHARE * view.total_bytes)
    if view.free_bytes < least:
        at = now()
        data = {"name": "disk", "free": f"{view.free_bytes / GIB:.1f}", "free_bytes": view.free_bytes}
        yield Happening(NotifyEvent.DISK_LOW, f"disk:{at:%Y-%m-%d}", data, "/settings?tab=workdir"), at, None
