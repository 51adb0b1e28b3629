"""Where the lines of a log begin: so that a reader of a million lines can show any of them without reading the rest."""

from collections.abc import Iterable

import numpy as np

from app.storage.base import Storage
from proteinx.contracts.logs import LogIndex

_NEWLINE = 10


def index(storage: Storage, key: str, *, attempt: int, offset: int, every: int) -> LogIndex:
    """From `offset`, which is the beginning of a line, to the end of the log as it is now."""
    size = storage.size(key) or 0
    offset = min(offset, size)
    chunks = storage.read(key, offset, size - offset) if size > offset else ()
    marks, lines = _marks(chunks, offset, every)
    return LogIndex(attempt=attempt, offset=offset, every=every, marks=marks, lines=lines, size=size)


def _marks(chunks: Iterable[bytes], offset: int, every: int) -> tuple[list[int], int]:
    """The beginning of each `every`-th line behind the first, and how many newlines there are."""
    marks: list[int] = []
    lines = 0
    for chunk in chunks:
        newlines = np.flatnonzero(np.frombuffer(chunk, dtype=np.uint8) == _NEWLINE)
        first = (every - 1 - lines) % every
        marks += (newlines[first::every] + offset + 1).tolist()
        lines += len(newlines)
        offset += len(chunk)
    return marks, lines
