"""What has to be tidied now and then: old samples, dead sign-ins, abandoned uploads, accounts at the broker."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from app.accounts import sessions
from app.clock import now
from app.master import Master
from app.models import JoinToken, Node, NodeHistory
from app.scheduling.broker import Broker
from app.uploads import service as uploads

EVERY_SAMPLE_FOR: Final = timedelta(hours=24)
THINNED_WITHIN: Final = timedelta(hours=72)
KEPT_FOR: Final = timedelta(days=30)
BUCKET_SECONDS: Final = 600
"""Past the first day, of each node's samples the first in so many seconds stays."""
DEAD_TOKENS_FOR: Final = timedelta(days=7)
CHUNK: Final = 500


def thin_history(master: Master) -> None:
    at = now()
    window = (NodeHistory.at < at - EVERY_SAMPLE_FOR, NodeHistory.at >= at - THINNED_WITHIN)
    query = select(NodeHistory.id, NodeHistory.node_id, NodeHistory.at).where(*window).order_by(NodeHistory.at)
    with master.db.read() as session:
        rows = session.execute(query).all()
    seen: set[tuple[str, int]] = set()
    surplus: list[int] = []
    for row in rows:
        bucket = (row.node_id, int(row.at.timestamp()) // BUCKET_SECONDS)
        if bucket in seen:
            surplus.append(row.id)
        seen.add(bucket)
    with master.db.write() as session:
        session.execute(delete(NodeHistory).where(NodeHistory.at < at - KEPT_FOR))
        for start in range(0, len(surplus), CHUNK):
            session.execute(delete(NodeHistory).where(NodeHistory.id.in_(surplus[start : start + CHUNK])))


def drop_dead_sessions(master: Master) -> None:
    with master.db.write() as session:
        sessions.close_old(session)


def drop_stale_uploads(master: Master) -> None:
    with master.db.write() as session:
        uploads.remove_stale(session, master)
        uploads.remove_ended(session, master)


def drop_dead_join_tokens(master: Master) -> None:
    with master.db.write() as session:
        session.execute(delete(JoinToken).where(JoinToken.expires_at < now() - DEAD_TOKENS_FOR))


def settle_accounts(master: Master, broker: Broker) -> None:
    with master.db.read() as session:
        node_ids = session.scalars(select(Node.id).where(Node.removed_at.is_(None))).all()
    broker.settle(node_ids)
