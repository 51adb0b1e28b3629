"""Gives pending jobs their places: one transaction writes attempt, members and allocations, then the doorbells ring.

In the same transaction it writes for whom room is kept, and tells those to end who have to make room.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clock import now
from app.errors import Conflict
from app.jobs import attempts, preempting
from app.master import Master
from app.models import Job
from app.scheduling import state
from app.scheduling.capacity import Placement, Plan
from app.scheduling.placement import place
from app.scheduling.state import State
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
        seen = state.read(session, master.memory, at)
    plan = place(seen.pending, seen.nodes, at, seen.policy, running=seen.running, users=seen.users)
    kept = _newly_kept(plan, seen)
    if not (plan.placements or plan.preemptions or kept):
        return []
    with master.db.write() as session:
        fence(session)
        bells = [bell for placement in plan.placements for bell in _open(session, placement)]
        for job_id in kept:
            session.execute(
                update(Job).where(Job.id == job_id, Job.state == JobState.PENDING.value).values(reserved_at=at)
            )
        for preemption in plan.preemptions:
            preempting.order(session, master, preemption.job_id, by=preemption.by)
        return bells


def _newly_kept(plan: Plan, seen: State) -> list[str]:
    """The first in line for which room is kept, and who sends others away: they stay in front until they start."""
    wanted = {one.job_id for one in plan.reservations[:1]} | {one.by for one in plan.preemptions}
    return [job.id for job in seen.pending if job.id in wanted and job.reserved_at is None]


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
