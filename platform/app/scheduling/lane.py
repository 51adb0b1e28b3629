"""A thread that runs steps, each when it is due, and survives any one of them failing."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.errors import Unavailable
from app.scheduling.leadership import Leadership, NotLeading

log = logging.getLogger(__name__)

LONGEST_BACKOFF: Final = 30.0


@dataclass(slots=True)
class Step:
    name: str
    run: Callable[[], None]
    every: float = 0.0
    """Seconds between two runs; 0 = at each turn, so also whenever somebody wakes the lane."""
    backoff: float = LONGEST_BACKOFF
    """The longest pause after failures in a row."""
    again: Callable[[], float | None] = lambda: None
    """In how many seconds it wants another turn, if sooner than at the next tick."""
    failures: int = 0
    trouble: str = ""
    """What the last run died of; empty if it did not."""
    due: float = field(default=0.0)

    def take(self) -> None:
        """One run. A failure is logged, shown in the health check, and tried again after a growing pause."""
        began = time.monotonic()
        try:
            self.run()
        except NotLeading:
            log.warning("%s: another process leads now", self.name)
            return
        except Unavailable as error:  # of MLflow or the workdir, whose own part of the health check says so
            self._rest()
            log.warning("%s waits: %s", self.name, error)
            return
        except Exception as error:  # the other steps must go on, whatever this one met
            self._rest()
            self.trouble = f"{self.name} fails ({type(error).__name__})"
            log.exception("%s failed and is tried again", self.name, extra={"action": "schedule"})
            return
        self.failures, self.trouble = 0, ""
        self.due = began + self.every

    def _rest(self) -> None:
        self.failures += 1
        self.due = time.monotonic() + min(0.5 * 2.0 ** min(self.failures, 10), self.backoff)


class Lane:
    """Runs its steps in order, at each wake and at each tick, while this process leads."""

    def __init__(self, name: str, leadership: Leadership, steps: Sequence[Step], tick: float) -> None:
        self.steps = steps
        self._leadership = leadership
        self._tick = tick
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"scheduler-{name}", daemon=True)
        self._lead = Step("leadership", self._take_lead, backoff=5.0)
        self._leads = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Waits for the step that is running."""
        self._stopping.set()
        self._woken.set()
        self._thread.join()

    def wake(self) -> None:
        self._woken.set()

    @property
    def trouble(self) -> str:
        return next((step.trouble for step in (self._lead, *self.steps) if step.trouble), "")

    def _live(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()  # before the work: what is committed from here on gets a turn of its own
            self._turn()
            self._woken.wait(self._pause())

    def _pause(self) -> float:
        if not self._leads or any(step.trouble for step in (self._lead, *self.steps)):
            return self._tick
        wanted = [seconds for step in self.steps if (seconds := step.again()) is not None]
        return min([self._tick, *wanted])

    def _turn(self) -> None:
        if time.monotonic() >= self._lead.due:
            self._lead.take()
        if self._lead.trouble or not self._leads:
            return
        for step in self.steps:
            if time.monotonic() >= step.due and not self._stopping.is_set() and self._leadership.held:
                step.take()

    def _take_lead(self) -> None:
        self._leads = self._leadership.hold()
