"""Rings again for whatever should have been answered: starts nobody claimed, orders to end that nobody
confirmed."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, or_, select, update

from app.clock import APART, now
from app.master import Master
from app.models import Attempt, Job, Member
from app.scheduling.placing import Bell
from proteinx.contracts.queues import Doorbell
from proteinx.contracts.states import ATTEMPT_LIVE, AttemptState, JobState

AGAIN_SECONDS: Final = 10.0

Ring = Callable[[str, Doorbell], bool]

_LIVE: Final = [state.value for state in ATTEMPT_LIVE]


def ring_overdue(master: Master, ring: Ring, again: float = AGAIN_SECONDS) -> None:
    """A member whose `rung_at` is empty has not been rung for yet, or has to be told of a cancellation."""
    ring_all(master, ring, _overdue(master, again))


def ring_all(master: Master, ring: Ring, bells: Iterable[Bell]) -> None:
    """Rings, and writes down what the broker took; the rest stays overdue."""
    rung = [one.bell for one in bells if ring(one.node_id, one.bell)]
    if not rung:
        return
    with master.db.write() as session:
        for bell in rung:
            session.execute(
                update(Member)
                .where(Member.job_id == bell.job_id, Member.attempt == bell.attempt, Member.rank == bell.rank)
                .values(rung_at=now())
            )


def _overdue(master: Master, again: float) -> list[Bell]:
    unclaimed = and_(Job.state == JobState.SCHEDULED.value, Member.state == AttemptState.ASSIGNED.value)
    told_to_end = or_(Job.state == JobState.CANCELLING.value, Attempt.preempt_at.is_not(None))
    unended = and_(told_to_end, Member.state.in_(_LIVE))
    at = now()
    by_another_clock = Member.rung_at > at + APART  # which was set back since
    silent = or_(Member.rung_at.is_(None), Member.rung_at < at - timedelta(seconds=again), by_another_clock)
    query = (
        select(told_to_end.label("told_to_end"), Member.job_id, Member.attempt, Member.rank, Member.node_id)
        .add_columns(Member.dispatch_id)
        .join(Member, and_(Member.job_id == Job.id, Member.attempt == Job.attempt))
        .join(Attempt, and_(Attempt.job_id == Job.id, Attempt.number == Job.attempt))
        .where(or_(unclaimed, unended), silent)
    )
    with master.db.read() as session:
        rows = session.execute(query).all()
    return [
        Bell(
            row.node_id,
            Doorbell(
                kind="cancel" if row.told_to_end else "start",
                job_id=row.job_id,
                attempt=row.attempt,
                rank=row.rank,
                dispatch_id=row.dispatch_id,
            ),
        )
        for row in rows
    ]
