"""When the next pass of placement is due: at once in a small lab, never more than a part of a core in a large one.

A pass reads all that waits and runs. Where that takes long, the passes are spread out, so that heartbeats and people
find the process free.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import func, select

from app.db import Database
from app.models import JobEventRow

SHORT_SECONDS: Final = 0.05
"""A pass that took less is followed by no rest."""
REST: Final = 4.0
"""A longer one is followed by a rest of so many times its length."""
LONGEST_REST: Final = 5.0
IDLE_SECONDS: Final = 5.0
"""With nothing heard, a pass comes so often all the same: nodes fall silent and come back, waits run out."""


class Pace:
    def __init__(self) -> None:
        self._woken = True
        self._last_event = 0
        self._not_before = 0.0
        self._idle_until = 0.0

    def wake(self) -> None:
        """Any thread may call it."""
        self._woken = True

    def rests_for(self) -> float | None:
        """Seconds until what was heard meanwhile gets its pass; None where nothing was."""
        return max(0.0, self._not_before - time.monotonic()) if self._woken else None

    def due(self, db: Database) -> bool:
        """Also where another process has moved a job: it can't wake this one."""
        at = time.monotonic()
        if at < self._not_before:
            return False
        with db.read() as session:
            event = session.scalar(select(func.max(JobEventRow.id))) or 0
        due = self._woken or event != self._last_event or at >= self._idle_until
        if due:  # before the work: whatever comes from here on gets a pass of its own
            self._woken, self._last_event = False, event
        return due

    @contextmanager
    def timed(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self._woken = True
            raise
        finally:
            ended = time.monotonic()
            took = ended - began
            self._not_before = ended + (min(REST * took, LONGEST_REST) if took > SHORT_SECONDS else 0.0)
            self._idle_until = ended + IDLE_SECONDS
