"""What one subscription has to say when its topic has news: each reads the truth from where it left off.

`poll` blocks (files, database) and runs in a thread; it returns the next messages, and is asked again until it has
none. A watcher that is told of a topic twice, or for nothing, sends nothing twice.
"""

from collections.abc import Sequence
from typing import Protocol

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.jobs import logs
from app.live import announce
from app.master import Master
from app.models import Attempt, Job, JobEventRow
from app.nodes import service as nodes
from proteinx.contracts.live import JobMessage, LogMessage, NodeMessage
from proteinx.contracts.phrases import told
from proteinx.contracts.states import ATTEMPT_ENDS, AttemptState

EVENTS_AT_ONCE = 500


class Watcher(Protocol):
    topics: tuple[str, ...]
    """Of the hub, to listen to."""

    def poll(self) -> Sequence[BaseModel]: ...


def _message(job: Job) -> JobMessage:
    words = told(job.reason)
    return JobMessage(job_id=job.id, state=job.state, attempt=job.attempt, reason=job.reason, reason_words=words)


def _require(session: Session, job_id: str) -> Job:
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound("unknown_job", f"There is no job {job_id[:64]}.")
    return job


class JobWatcher:
    """The job's state whenever it differs from the last one sent, beginning with the present one."""

    def __init__(self, master: Master, job_id: str) -> None:
        self._master, self._job_id = master, job_id
        self._sent: JobMessage | None = None
        self.topics: tuple[str, ...] = (announce.job_topic(job_id),)

    def poll(self) -> Sequence[BaseModel]:
        with self._master.db.read() as session:
            message = _message(_require(session, self._job_id))
        if message == self._sent:
            return ()
        self._sent = message
        return (message,)


class LogWatcher:
    """One rank's log, attempt after attempt, and the job's moves, each after the log up to then."""

    def __init__(self, master: Master, job_id: str, rank: int, attempt: int, offset: int) -> None:
        self._master, self._job_id, self._rank = master, job_id, rank
        self._attempt, self._offset = max(attempt, 1), offset if attempt else 0
        self._job = JobWatcher(master, job_id)
        self.topics: tuple[str, ...] = (announce.log_topic(job_id), announce.job_topic(job_id))

    def poll(self) -> Sequence[BaseModel]:
        piece = self._piece()
        if piece is not None:
            return (piece,)
        with self._master.db.read() as session:
            newest = _require(session, self._job_id).attempt
            here = session.get(Attempt, (self._job_id, self._attempt))
            over = here is not None and AttemptState(here.state) in ATTEMPT_ENDS
        # Nothing is written to an attempt's log once it is over, so what is there now is all of it.
        last = self._piece(to_the_end=over)
        if last is not None:
            return (last,)
        if over and newest > self._attempt:
            self._attempt, self._offset = self._attempt + 1, 0
            return self.poll()
        return self._job.poll()

    def _piece(self, *, to_the_end: bool = False) -> LogMessage | None:
        """The next bytes, without a character's first bytes whose rest may still come."""
        key = logs.log_key(self._job_id, self._attempt, self._rank)
        data = logs.read_piece(self._master.storage, key, self._offset)
        data = logs.whole_characters(data) or (data if to_the_end else b"")
        if not data:
            return None
        message = LogMessage(
            job_id=self._job_id,
            attempt=self._attempt,
            rank=self._rank,
            offset=self._offset,
            size=len(data),
            text=data.decode(errors="replace"),
        )
        self._offset += len(data)
        return message


class JobsWatcher:
    """Every job that moves, from the time of the subscription on."""

    topics: tuple[str, ...] = (announce.JOBS,)

    def __init__(self, master: Master) -> None:
        self._master = master
        with master.db.read() as session:
            self._seen = session.scalar(select(func.max(JobEventRow.id))) or 0

    def poll(self) -> Sequence[BaseModel]:
        with self._master.db.read() as session:
            events = session.execute(
                select(JobEventRow.id, JobEventRow.job_id)
                .where(JobEventRow.id > self._seen)
                .order_by(JobEventRow.id)
                .limit(EVENTS_AT_ONCE)
            ).all()
            if not events:
                return ()
            self._seen = events[-1].id
            jobs = session.scalars(select(Job).where(Job.id.in_({event.job_id for event in events})))
            return [_message(job) for job in jobs]


class NodesWatcher:
    """Each node whose view changed since it was last sent, beginning with all; `data` is empty for one that left."""

    topics: tuple[str, ...] = (announce.NODES,)

    def __init__(self, master: Master) -> None:
        self._master = master
        self._sent: dict[str, NodeMessage] = {}

    def poll(self) -> Sequence[BaseModel]:
        with self._master.db.read() as session:
            views = nodes.views(session, self._master)
        messages = {view.id: NodeMessage(node_id=view.id, data=view.model_dump(mode="json")) for view in views}
        changed = [message for node_id, message in messages.items() if self._sent.get(node_id) != message]
        gone = [NodeMessage(node_id=node_id, data={}) for node_id in self._sent.keys() - messages.keys()]
        self._sent = messages
        return [*changed, *gone]


def watcher(master: Master, topic: str, attempt: int, offset: int) -> Watcher:
    """Raises NotFound for a topic that does not exist."""
    noun, _, name = topic.partition(":")
    if topic == announce.JOBS:
        return JobsWatcher(master)
    if topic == announce.NODES:
        return NodesWatcher(master)
    job_id, _, rank = name.partition("/")
    if noun == "log" and (rank.isdecimal() or not rank):
        return LogWatcher(master, job_id, int(rank or 0), attempt, offset)
    if noun == "job":
        return JobWatcher(master, name)
    raise NotFound("unknown_topic", "Topics are log:<job>, log:<job>/<rank>, job:<job>, jobs and nodes.")
