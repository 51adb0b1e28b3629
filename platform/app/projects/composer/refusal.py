"""How the child says no."""

from collections.abc import Iterable

from app.nearest import choices, hint
from proteinx.contracts.phrases import say


class RefusedError(Exception):
    """Becomes a 422 with these words."""

    def __init__(self, code: str, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.body = {"code": code, "detail": detail, "field": field}


class NeedsCodeError(Exception):
    """Only the project's own code can compose this."""


def unknown_key(key: str, known: Iterable[str]) -> RefusedError:
    detail = say("no_such_key", key=key, hint=hint(key, known))
    return RefusedError("unknown_override", detail, key)


def unknown_choice(group: str, choice: str, options: Iterable[str]) -> RefusedError:
    there = list(options)
    detail = say("no_such_choice", group=group, choice=choice, choices=choices(there), hint=hint(choice, there))
    return RefusedError("unknown_choice", detail, group)


def brief(error: BaseException) -> str:
    """The message of Hydra or OmegaConf without its tail of full keys and object types."""
    told = " ".join(line.strip() for line in str(error).splitlines() if line.strip() and "full_key" not in line)
    cause = error.__cause__
    if not told and cause is not None:
        return brief(cause)
    return told[:500] or type(error).__name__
