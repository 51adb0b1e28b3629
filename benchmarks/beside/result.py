"""What was measured of another system."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import seconds


@dataclass(frozen=True, slots=True)
class Result:
    latencies: Sequence[float] = ()
    """Seconds from submission to the end of a no-op on an idle system."""
    a_minute: float = 0.0
    missing: str = ""
    """Why it could not be measured."""

    def __str__(self) -> str:
        return self.missing or f"{self.a_minute:.0f}"

    @property
    def latency(self) -> str:
        return self.missing or f"{seconds(self.latencies)} to its end"
