"""How a run ends when it cannot go on."""

from dataclasses import dataclass


@dataclass
class UserError(ValueError):
    """Something only the person who started the run can mend. `code` is stable, `detail` says what to do."""

    code: str
    detail: str
    line: int | None = None

    def __str__(self) -> str:
        where = "" if self.line is None else f" (line {self.line})"
        return f"{self.detail}{where}"


class Terminated(BaseException):
    """SIGTERM was received. A BaseException, so that nothing that handles errors takes it for one."""
