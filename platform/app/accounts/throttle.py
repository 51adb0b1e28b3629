"""Slows down guessing. Kept in memory: a restart forgets, which costs an attacker more than it gives."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from app.errors import TooManyRequests

PER_CLIENT_AND_NAME = 5
PER_NAME = 20
PER_CLIENT = 30
WINDOW = 60.0
MAX_KEYS = 10_000


class Throttle:
    """Counts failed tries in a sliding minute, for each client and name, each name, and each client."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def enter(self, client: str, name: str) -> None:
        """Counts a try before it is checked, so that simultaneous ones count too. Raises TooManyRequests."""
        with self._lock:
            at = self._clock()
            self._forget(at)
            for key, limit in self._keys(client, name):
                tries = self._tries[key]
                if len(tries) >= limit:
                    wait = max(1, round(tries[0] + WINDOW - at))
                    raise TooManyRequests(
                        "too_many_tries",
                        f"Too many failed tries; wait {wait} seconds.",
                        headers={"Retry-After": str(wait)},
                    )
            for key, _ in self._keys(client, name):
                self._tries[key].append(at)

    def succeeded(self, client: str, name: str) -> None:
        """Takes back the try that `enter` counted: only failures slow down."""
        with self._lock:
            for key, _ in self._keys(client, name):
                if self._tries[key]:
                    self._tries[key].pop()

    def _forget(self, at: float) -> None:
        for key, tries in list(self._tries.items()):
            while tries and tries[0] <= at - WINDOW:
                tries.popleft()
            if not tries:
                del self._tries[key]
        if len(self._tries) > MAX_KEYS:
            raise TooManyRequests("too_many_tries", "Too many failed tries from everywhere; wait a minute.")

    @staticmethod
    def _keys(client: str, name: str) -> tuple[tuple[tuple[str, str], int], ...]:
        name = name.lower()
        return (((client, name), PER_CLIENT_AND_NAME), (("", name), PER_NAME), ((client, ""), PER_CLIENT))
