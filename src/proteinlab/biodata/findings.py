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
    """`count` counts records unless `detail` says otherwise; `lines` are the first twenty.

    `params` is what the detail says beside the code, for whoever says it in another language.
    """

    code: str
    severity: Severity
    detail: str
    count: int
    lines: list[int] = field(default_factory=list)
    params: dict[str, str] = field(default_factory=dict)


def noted(code: str, severity: Severity, detail: str, count: int, **params: object) -> Finding:
    """A finding whose detail has placeholders for `params`."""
    told = {name: str(value) for name, value in params.items()}
    return Finding(code, severity, detail.format_map(told), count, params=told)


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

    def finding(self, code: str, severity: Severity, detail: str, **params: object) -> list[Finding]:
        """One finding, or none where nothing was marked. `{count}` and `params` in the detail are filled in."""
        if not self.count:
            return []
        told = {"count": f"{self.count:,}", **{name: str(value) for name, value in params.items()}}
        return [Finding(code, severity, detail.format_map(told), self.count, self.lines, told)]
