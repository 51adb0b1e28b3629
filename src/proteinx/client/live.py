"""Follows a job as it happens: its log and its states, over the WebSocket, or by polling where none gets through."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from proteinx.client.errors import ApiError
from proteinx.client.jobs import Jobs
from proteinx.client.transport import Transport
from proteinx.contracts.jobs import JobView
from proteinx.contracts.live import JobMessage, LiveError, LogMessage, Subscribe
from proteinx.contracts.states import JOB_ENDS, JobState

log = logging.getLogger(__name__)

Message = LogMessage | JobMessage
_SILENCE: Final = 45.0
"""Seconds without any message, pings included, after which a connection is taken for dead."""
_GIVE_UP_SOCKET: Final = 3
"""Connections in a row that brought nothing, after which the rest is polled."""


@dataclass(slots=True)
class _Position:
    """What the follower has seen, so that a new connection goes on exactly there."""

    attempt: int = 1
    offset: int = 0
    moves: tuple[int, int] = (-1, -1)
    state: str = ""

    def log(self, message: LogMessage) -> LogMessage | None:
        """The part of `message` that is new. Raises ValueError on a gap, which a new subscription closes."""
        if message.rank != 0 or message.attempt < self.attempt:
            return None
        if message.attempt > self.attempt:
            self.attempt, self.offset = message.attempt, 0
        if message.offset > self.offset:
            raise ValueError(f"log gap: {self.offset} to {message.offset}")
        seen = self.offset - message.offset
        if seen >= message.size:
            return None
        self.offset = message.offset + message.size
        if seen == 0:
            return message
        text = message.text.encode()[seen:].decode(errors="replace")
        return message.model_copy(update={"offset": message.offset + seen, "size": message.size - seen, "text": text})

    def job(self, message: JobMessage) -> JobMessage | None:
        """The move if it is news: the state asked for over HTTP may be ahead of messages that are on their way."""
        place = (message.attempt, _order(message))
        if message.state == self.state or place < self.moves:
            return None
        self.state, self.moves = message.state, place
        return message

    @property
    def ended(self) -> bool:
        return self.state in JOB_ENDS or self.state == JobState.HELD


def _order(message: JobMessage) -> int:
    """The place of a state among those of its attempt. Pending comes before the first one, or after a lost one."""
    if message.attempt == 0:
        return 0
    order = [JobState.SCHEDULED, JobState.RUNNING, JobState.CANCELLING, JobState.PENDING]
    return order.index(JobState(message.state)) if message.state in order else len(order)


class Follower:
    """Iterate over it for the job's log and moves, in order and each once, until the job has ended and all is read.

    A job that is held ends it too: nothing more happens until a person acts. Raises ApiError.
    """

    def __init__(
        self, transport: Transport, job_id: str, *, attempt: int = 1, offset: int = 0, poll_seconds: float = 1.0
    ) -> None:
        self._transport = transport
        self._jobs = Jobs(transport)
        self._job_id = job_id
        self._at = _Position(attempt=max(attempt, 1), offset=offset)
        self._poll_seconds = poll_seconds

    def __iter__(self) -> Iterator[Message]:
        fruitless = 0
        while not self._at.ended and fruitless < _GIVE_UP_SOCKET:
            heard = False
            for message in self._socket():
                heard = True
                yield message
            fruitless = 0 if heard else fruitless + 1
            if not heard:
                self._transport.wait(self._poll_seconds)
        while not self._at.ended:
            yield from self._poll()
            if not self._at.ended:
                self._transport.wait(self._poll_seconds)

    def _socket(self) -> Iterator[Message]:
        """One connection's messages; returns when the job has ended or the connection has."""
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect

        url = self._transport.url.replace("http", "ws", 1) + "/api/live"
        headers = {"Authorization": f"Bearer {self._transport.token}"}
        try:
            with connect(url, additional_headers=headers, open_timeout=10, proxy=None, max_size=4 * 2**20) as socket:
                socket.send(self._subscription().model_dump_json())
                yield from self._job_now()
                while not self._at.ended:
                    yield from self._read(json.loads(socket.recv(timeout=_SILENCE)))
        except (OSError, TimeoutError, WebSocketException, ValueError) as error:
            log.debug("live connection to %s ended: %s", url, error)

    def _subscription(self) -> Subscribe:
        """The log's topic brings the job's moves too, each after the log up to then."""
        topic = f"log:{self._job_id}"
        return Subscribe(op="subscribe", topic=topic, attempt=self._at.attempt, offset=self._at.offset)

    def _read(self, data: dict[str, Any]) -> Iterator[Message]:
        match data.get("type"):
            case "log" if data.get("job_id") == self._job_id:
                message = self._at.log(LogMessage.model_validate(data))
                if message is not None:
                    yield message
            case "job" if data.get("job_id") == self._job_id:
                yield from self._moved(JobMessage.model_validate(data))
            case "error":
                error = LiveError.model_validate(data)
                raise ApiError(error.error, error.detail, 0)

    def _job_now(self) -> Iterator[Message]:
        yield from self._moved(as_message(self._jobs.get(self._job_id)))

    def _moved(self, message: JobMessage) -> Iterator[Message]:
        """A job's end comes after all of its log."""
        if message.state in JOB_ENDS:
            yield from self._new_bytes()
        moved = self._at.job(message)
        if moved is not None:
            yield moved

    def _poll(self) -> Iterator[Message]:
        yield from self._new_bytes()
        yield from self._job_now()

    def _new_bytes(self) -> Iterator[LogMessage]:
        """All attempts from the position on, up to their present ends."""
        last = self._jobs.get(self._job_id).attempt
        for number in range(self._at.attempt, last + 1):
            if number > self._at.attempt:
                self._at.attempt, self._at.offset = number, 0
            while (message := self._next_piece(number)) is not None:
                yield message

    def _next_piece(self, attempt: int) -> LogMessage | None:
        try:
            piece = self._jobs.log(self._job_id, attempt=attempt, offset=self._at.offset, limit=256 * 1024)
        except ApiError as error:
            if error.status == 404:  # this attempt has written nothing
                return None
            raise
        data = whole_characters(piece.data) if piece.offset + len(piece.data) < piece.size else piece.data
        if not data:
            return None
        message = LogMessage(
            job_id=self._job_id,
            attempt=attempt,
            rank=0,
            offset=self._at.offset,
            size=len(data),
            text=data.decode(errors="replace"),
        )
        self._at.offset += len(data)
        return message


def as_message(job: JobView) -> JobMessage:
    return JobMessage(job_id=job.id, state=job.state, attempt=job.attempt, reason=job.reason)


def whole_characters(data: bytes) -> bytes:
    """Without a UTF-8 character's beginning at the end; its rest comes with the next piece."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0b1100_0000 == 0b1000_0000:
            continue
        width = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2 if byte >= 0xC0 else 1
        return data[:-back] if width > back else data
    return data
