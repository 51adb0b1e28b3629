"""Calls the master until it has answered for good, however long it is away."""

import logging
import threading
from collections.abc import Callable
from typing import Final, TypeVar

from proteinx.client.errors import ApiError, TransferError
from proteinx.client.retry import Retry
from proteinx.client.transport import Stopped

Reply = TypeVar("Reply")
LATER: Final = frozenset({0, 408, 425, 429, 500, 502, 503, 504, 507})
"""No answer, or one that time mends: a master that restarts, is busy, or whose disk is full."""
FENCED: Final = frozenset({401, 410})
"""The attempt is not ours any more: it was given up, or its token is void."""
log = logging.getLogger(__name__)


class Fenced(Exception):
    """Another attempt may be running already: stop at once and throw the work away."""


class Insistence:
    def __init__(self, base: float, cap: float) -> None:
        self.retry = Retry(attempts=None, base=base, cap=cap)
        self.fenced = threading.Event()
        self.on_fenced: Callable[[], None] = lambda: None

    def fence(self) -> None:
        self.fenced.set()
        self.on_fenced()

    def __call__(self, call: Callable[[], Reply], what: str) -> Reply:
        """Raises Fenced, or ApiError where the master refuses and will again."""
        for tries, delay in enumerate(self.retry.delays()):
            if self.fenced.is_set():
                break
            try:
                return call()
            except Stopped:
                break
            except TransferError as error:
                if tries >= 5:
                    raise
                problem: Exception = error
            except ApiError as error:
                if error.status in FENCED:
                    log.warning("%s: this attempt is over: %s", what, error, extra={"action": "fenced"})
                    self.fence()
                    break
                if error.status not in LATER:
                    raise
                problem = error
            log.info("%s: %s Trying again in %.1f s.", what, problem, delay, extra={"action": "retry"})
            self.fenced.wait(delay)
        raise Fenced(what)
