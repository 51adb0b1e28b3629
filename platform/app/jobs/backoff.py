"""How long a job waits after an infrastructure fault before it is tried again."""

import random
from typing import Final

_FIRST: Final = 5.0
_LIMIT: Final = 300.0
_SPREAD: Final = 0.2
LONGEST_SECONDS: Final = _LIMIT * (1 + _SPREAD)


def backoff(failures: int) -> float:
    """Seconds to wait after so many counted failures: 5, 10, 20 ... 300, each spread by a fifth."""
    seconds = min(_FIRST * 2.0 ** max(failures - 1, 0), _LIMIT)
    return seconds * random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311  no secret
