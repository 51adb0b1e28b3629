"""What only the person who started something can mend."""

from dataclasses import dataclass


@dataclass
class UserError(ValueError):
    """`code` is stable, `detail` says what to do."""

    code: str
    detail: str
    line: int | None = None

    def __str__(self) -> str:
        where = "" if self.line is None else f" (line {self.line})"
        return f"{self.detail}{where}"
