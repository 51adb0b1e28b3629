"""What a quality report has to say about the data, with the lines it speaks of."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

# error: results on this data will be wrong; warning: look at it; info: good to know.
Severity = Literal["error", "warning", "info"]
SEVERITY_ORDER: tuple[Severity, ...] = ("error", "warning", "info")
LINES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """`count` counts records unless `detail` says otherwise; `lines` are the first twenty."""

    code: str
    severity: Severity
    detail: str
    count: int
    lines: list[int] = field(default_factory=list)


class Marks:
    """How many records something is true of, and the first lines of them."""

    def __init__(self) -> None:
        self.count = 0
        self.lines: list[int] = []

    def add(self, lines: Iterable[int]) -> None:
        fresh = list(lines)
        self.count += len(fresh)
        if fresh and (len(self.lines) < LINES_SHOWN or min(fresh) < self.lines[-1]):
            self.lines = heapq.nsmallest(LINES_SHOWN, [*self.lines, *fresh])

    def finding(self, code: str, severity: Severity, detail: str) -> list[Finding]:
        """One finding, or none where nothing was marked. `{count}` in the detail is filled in."""
        if not self.count:
            return []
        return [Finding(code, severity, detail.format(count=f"{self.count:,}"), self.count, self.lines)]
