"""One line of the table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    measured: str
    beside: str = ""
    """The thing that was measured in the same run to compare with."""
    target: str = ""
    reached: bool | None = None
    """None where there is no target."""


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]


def seconds(values: Sequence[float]) -> str:
    """Median and the range beside it."""
    return f"{percentile(values, 50):.2f} s ({min(values):.2f} to {max(values):.2f})"
