"""When and how long to wait before a call is tried again."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

AGAIN: Final = frozenset({502, 503, 504})
"""Statuses of a master, or of a proxy before it, that is away for a while."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Exponential backoff with full jitter, so that a returning master is not met by all workers at once."""

    attempts: int | None = 5
    """Tries in all; None = without end."""
    base: float = 0.25
    cap: float = 30.0

    def delays(self) -> Iterator[float]:
        """Seconds to wait before the second try, the third, ..."""
        n = 0
        while self.attempts is None or n + 1 < self.attempts:
            ceiling = min(self.base * 2 ** min(n, 20), self.cap)
            yield random.uniform(ceiling / 2, ceiling)  # noqa: S311  no secret
            n += 1


ONCE: Final = Retry(attempts=1)
PERSISTENT: Final = Retry(attempts=None, base=0.5)
"""For what must arrive however long the master is away: an attempt's logs, artifacts and end."""
