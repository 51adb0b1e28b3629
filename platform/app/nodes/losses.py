"""Ends the attempts that were on a node which has lost them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.jobs import attempts
from app.master import Master
from app.models import Attempt, Member, Node
from proteinx.contracts.states import ATTEMPT_LIVE, AttemptState

_LIVE = [state.value for state in ATTEMPT_LIVE]


def live_attempts(session: Session, node_id: str) -> list[tuple[str, int]]:
    """(job, attempt) of each member that is live on the node, in the order in which locks are taken."""
    rows = select(Member.job_id, Member.attempt).where(Member.node_id == node_id, Member.state.in_(_LIVE)).distinct()
    return [(job_id, number) for job_id, number in session.execute(rows.order_by(Member.job_id))]


def lose_members(session: Session, master: Master, node: Node, reason: str) -> None:
    """All that was live on the node is lost, and goes back to the queue or to its end."""
    lose(session, master, live_attempts(session, node.id), reason, node.id)


def lose(session: Session, master: Master, keys: Collection[tuple[str, int]], reason: str, node_id: str) -> None:
    """`node_id`: the one that lost them."""
    for job_id, number in sorted(keys):
        session.flush()
        job = attempts.lock_job(session, job_id)
        # Read anew under the lock: a finish may have been committed since this transaction first saw the attempt.
        attempt = session.get(Attempt, (job_id, number), populate_existing=True)
        if job is not None and attempt is not None:
            attempts.end_attempt(
                session,
                master,
                job,
                attempt,
                AttemptState.LOST,
                fault=None,
                reason=reason,
                actor=SYSTEM,
                blamed=[node_id],
            )
