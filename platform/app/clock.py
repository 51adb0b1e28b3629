"""The master's clock, the only one that decides anything.

It is the machine's wall clock as it was when this process started, carried on by a clock that nobody can set: while a
master runs, a step of the wall clock, by a person or by NTP, makes no lease run out and none last for ever. Times
that an earlier process wrote under another clock may lie in the future: see `past`.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Final

APART: Final = timedelta(seconds=60)
"""More than the clocks of several masters may ever differ."""
_STEADY: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)
"""Goes on while the machine sleeps, which the monotonic clock does not; not everywhere there is one."""


def _ticks() -> float:
    return time.monotonic() if _STEADY is None else time.clock_gettime(_STEADY)


_BEGAN_AT: Final = datetime.now(UTC)
_BEGAN: Final = _ticks()


def now() -> datetime:
    return _BEGAN_AT + timedelta(seconds=_ticks() - _BEGAN)


def stepped_by() -> float:
    """Seconds by which the machine's wall clock is ahead of this one: it was set since this process started."""
    return (datetime.now(UTC) - now()).total_seconds()


def past(moment: datetime, ready_at: datetime, at: datetime) -> datetime:
    """A moment that was written down; one far in the future, by a clock that was set back since, counts as `ready_at`.

    Not so far: another master's clock, which may be a little ahead.
    """
    return moment if moment - at <= APART else ready_at
