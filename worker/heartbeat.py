"""Tells the master every few seconds that this node lives and what is on it, and takes its answer."""

import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from proteinx.client.agent import NodeClient
from proteinx.client.errors import ApiError
from proteinx.client.retry import ONCE, Retry
from proteinx.contracts.nodes import Heartbeat, HeartbeatReply, MemberStatus, NodeSample
from proteinx.contracts.protocol import PROTOCOL
from worker.heard import Heard

_JITTER = 0.1
_BEATS = 3.0
_SHORTEST, _LONGEST = 3.0, 30.0
_GIVE_UP = frozenset({401, 403, 426})
log = logging.getLogger(__name__)


def patience(seconds: float) -> float:
    """How long a beat waits for its answer, with `seconds` from one to the next: a connection that died without a
    word must not eat up the lease."""
    return min(max(_BEATS * seconds, _SHORTEST), _LONGEST)


class Rejected(Exception):
    """The master will not have this node: removed, or too old."""


class Heart:
    """Beats until it is stopped. `now` beats at once: after a doorbell, and when something ended."""

    def __init__(
        self,
        node: NodeClient,
        *,
        boot_id: str,
        seconds: float,
        backoff: Retry,
        sample: Callable[[], NodeSample],
        members: Callable[[], list[MemberStatus]],
        answer: Callable[[HeartbeatReply], None],
        heard: Heard,
    ) -> None:
        self._node = node
        self._boot_id = boot_id
        self._seconds = seconds
        self._backoff = backoff
        self._sample = sample
        self._members = members
        self._answer = answer
        self._heard = heard
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self.draining = False
        self.healthy = threading.Event()
        """Whether the last beat was answered."""

    def now(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()

    def run(self) -> None:
        """Raises Rejected."""
        delays = self._backoff.delays()
        while not self._stopped.is_set():
            self._wake.clear()
            try:
                self.beat()
                delays = self._backoff.delays()
                pause = self._seconds * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  no secret
            except ApiError as error:
                if error.status in _GIVE_UP:
                    raise Rejected(str(error)) from error
                self.healthy.clear()
                pause = min(next(delays), max(self._seconds, self._backoff.cap))
                log.info("no answer to the heartbeat: %s", error, extra={"action": "heartbeat_missed"})
            self._wake.wait(pause)

    def beat(self) -> None:
        """Raises ApiError."""
        beat = Heartbeat(
            protocol=PROTOCOL,
            boot_id=self._boot_id,
            sample=self._sample(),
            members=self._members(),
            draining=self.draining,
            sent_at=datetime.now(UTC),
        )
        sent_at = time.monotonic()
        reply = self._node.heartbeat(beat, retry=ONCE, timeout=patience(self._seconds))
        self._seconds = reply.heartbeat_seconds
        self._heard.note(sent_at)
        self.healthy.set()
        self._answer(reply)
