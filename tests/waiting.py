"""Waiting for a condition with a deadline: no test sleeps and hopes."""

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def until(
    condition: Callable[[], Answer], seconds: float = 15.0, what: str = "it happens", every: float = 0.02
) -> Answer:
    """The first truthy answer. Fails with `what` if there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(every)
    return answer
