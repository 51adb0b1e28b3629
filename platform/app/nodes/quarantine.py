"""A machine that fails one job after the other, or is known to be faulty, gets no work until an admin has looked."""

import logging
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import SYSTEM
from app.clock import now
from app.live import announce
from app.models import Attempt, Member, Node
from app.workdir.service import get_settings
from proteinx.contracts.nodes import NodeState
from proteinx.contracts.phrases import say
from proteinx.contracts.states import Fault

log = logging.getLogger(__name__)


def count_failure(session: Session, node_id: str) -> None:
    """Quarantines the node where different jobs failed on it too often of late through the machine's fault.

    What failed before somebody last let it work does not count.
    """
    settings = get_settings(session)
    if settings.quarantine_failures == 0:
        return
    node = session.get_one(Node, node_id)
    since = now() - timedelta(seconds=settings.quarantine_window_seconds)
    since = max(since, node.cleared_at or since)
    query = (
        select(func.count(func.distinct(Member.job_id)))
        .join(Attempt, (Attempt.job_id == Member.job_id) & (Attempt.number == Member.attempt))
        .where(Member.node_id == node_id, Member.fault == Fault.INFRA.value, Attempt.ended_at > since)
    )
    failed = session.scalar(query) or 0
    if failed >= settings.quarantine_failures:
        window = settings.quarantine_window_seconds / 60
        shut(session, node_id, say("many_failures", n=failed, minutes=f"{window:g}"))


def shut(session: Session, node_id: str, reason: str) -> None:
    """What runs there runs on. An admin's own drain stays what it is."""
    node = session.get_one(Node, node_id, with_for_update=True)
    if node.state != NodeState.ACTIVE.value:
        return
    node.state, node.reason = NodeState.QUARANTINED.value, reason
    log.warning("node %s is quarantined: %s", node.name, reason, extra={"action": "quarantine"})
    audit.write(session, SYSTEM, "node.quarantine", node.name, {"node": node.id, "reason": reason})
    announce.later(session, announce.NODES)
