"""Tells followers and the scheduler what a transaction changed, once it is committed.

Every move of a job is a row in `job_events`, so the new rows of a session are all that has to be watched: whoever
moves a job need not think of those who look on.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session, UOWTransaction

from app.db import Database
from app.live.hub import Hub
from app.models import JobEventRow

_TOPICS = "announce.topics"
_WAKE = "announce.wake"


def job_topic(job_id: str) -> str:
    return f"job:{job_id}"


def log_topic(job_id: str) -> str:
    return f"log:{job_id}"


JOBS = "jobs"
NODES = "nodes"


def later(session: Session, topic: str) -> None:
    """Publishes `topic` when this session commits."""
    session.info.setdefault(_TOPICS, set()).add(topic)


def wake_later(session: Session) -> None:
    """Wakes the scheduler when this session commits."""
    session.info[_WAKE] = True


def install(db: Database, hub: Hub, wake: Callable[[], None]) -> None:
    def collect(session: Session, _: UOWTransaction) -> None:
        for row in session.new:
            if isinstance(row, JobEventRow):
                later(session, job_topic(row.job_id))
                later(session, JOBS)
                wake_later(session)

    def publish(session: Session) -> None:
        if session.in_nested_transaction():
            return  # a savepoint's end: nobody else can see it yet
        for topic in session.info.pop(_TOPICS, ()):
            hub.publish(topic)
        if session.info.pop(_WAKE, False):
            wake()

    db.listen("after_flush", collect)
    db.listen("after_commit", publish)
