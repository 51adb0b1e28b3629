"""A lock whose waiters get it in the order in which they asked."""

import threading
from collections import deque


class Turns:
    """`threading.Lock` wakes a waiter, which must then be quicker than whoever comes along: on a loaded machine the
    thread that has just released it takes it again and again, and some wait for very long. Here a turn is handed on.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def take(self, timeout: float) -> bool:
        """False if the turn did not come within `timeout` seconds."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            place = threading.Lock()
            place.acquire()
            self._waiting.append(place)
        if place.acquire(timeout=timeout):
            return True
        with self._guard:
            if place not in self._waiting:
                return True  # it came at the last moment
            self._waiting.remove(place)
            return False

    def hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
