"""Gives pending jobs their places: one transaction writes attempt, members and allocations, then the doorbells ring."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clock import now
from app.errors import Conflict
from app.jobs import attempts
from app.master import Master
from app.models import Job
from app.nodes import free
from app.scheduling.capacity import PendingJob, Placement
from app.scheduling.placement import place
from proteinx.contracts.jobs import Resources
from proteinx.contracts.queues import Doorbell
from proteinx.contracts.states import JobState

log = logging.getLogger(__name__)

Fence = Callable[[Session], None]


@dataclass(frozen=True, slots=True)
class Bell:
    """A doorbell, and whose it is."""

    node_id: str
    bell: Doorbell


def place_pending(master: Master, fence: Fence) -> list[Bell]:
    """Places what fits. What it returns is to be rung now that it is committed.

    Room is looked for without the write lock, which a long queue would hold each second for nothing. That is safe:
    only the leader takes room, and the fence proves within the transaction that this still is the leader.
    """
    with master.db.read() as session:
        at = now()
        pending = waiting(session, at)
        placements = place(pending, free.capacity(session), at) if pending else []
    if not placements:
        return []
    with master.db.write() as session:
        fence(session)
        return [bell for placement in placements for bell in _open(session, placement)]


def waiting(session: Session, at: datetime) -> list[PendingJob]:
    """Pending jobs whose time has come."""
    ready = or_(Job.not_before.is_(None), Job.not_before <= at)
    query = select(Job.id, Job.priority, Job.created_at, Job.resources, Job.excluded_nodes, Job.not_before)
    rows = session.execute(query.where(Job.state == JobState.PENDING.value, ready))
    return [
        PendingJob(
            id=row.id,
            priority=row.priority,
            created_at=row.created_at,
            resources=Resources.model_validate(row.resources),
            excluded_nodes=frozenset(row.excluded_nodes),
            not_before=row.not_before,
        )
        for row in rows
    ]


def _open(session: Session, placement: Placement) -> list[Bell]:
    """Nothing where the job was cancelled meanwhile, or the database knows better than we what is free."""
    job = attempts.lock_job(session, placement.job_id)
    if job is None or job.state != JobState.PENDING.value:
        return []
    try:
        with session.begin_nested():
            attempt = attempts.open_attempt(session, job, placement)
    except (IntegrityError, Conflict) as error:
        log.warning("job %s keeps waiting, its place was gone: %s", placement.job_id, error)
        return []
    return [
        Bell(
            member.node_id,
            Doorbell(
                kind="start",
                job_id=job.id,
                attempt=attempt.number,
                rank=member.rank,
                dispatch_id=member.dispatch_id,
            ),
        )
        for member in attempts.members_of(session, attempt)
    ]
