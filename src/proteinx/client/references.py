"""How people name things: by id, by the beginning of it, or by name."""

import re
from collections.abc import Callable, Sequence
from typing import Final, Protocol

_WHOLE_ID: Final = re.compile(r"[0-9a-f]{32}")


class Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def resolve(reference: str, recent: Callable[[], Sequence[Named]], *, kind: str, listed_by: str) -> str:
    """The id meant; `recent` is asked only where the reference is no whole id. Raises LookupError with what to do."""
    if _WHOLE_ID.fullmatch(reference):
        return reference
    known = recent()
    by_id = [one for one in known if one.id.startswith(reference)]
    matches = by_id or [one for one in known if one.name == reference]
    if len(matches) == 1:
        return matches[0].id
    if not matches:
        raise LookupError(f"No {kind} is called {reference!r}; `{listed_by}` lists them.")
    ids = ", ".join(one.id[:12] for one in matches[:5])
    raise LookupError(f"{reference!r} stands for several {kind}s ({ids}); give more of the id.")
