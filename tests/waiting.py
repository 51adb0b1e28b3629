"""Waiting for a condition with a deadline: no test sleeps and hopes."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

Answer = TypeVar("Answer")

PATIENCE: Final = 60.0
"""For what a healthy machine does in a moment: a deadline and no wait, so it costs nothing where all is well."""
_LONGEST_LOOK: Final = 2.0


def until(
    condition: Callable[[], Answer], seconds: float = PATIENCE, what: str = "it happens", every: float = 0.02
) -> Answer:
    """The first truthy answer. Fails with `what` if there is none in time.

    Only the time in which this process ran counts: one look takes two seconds at most, however long the machine
    stood still meanwhile, since what is waited for stood still as well.
    """
    left = seconds
    while True:
        began = time.monotonic()
        if answer := condition():
            return answer
        if left <= 0:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(every)
        left -= min(time.monotonic() - began, _LONGEST_LOOK)
