"""What a reader of a long log needs to find its way in it."""

from pydantic import BaseModel


class LogIndex(BaseModel):
    """Of one member's log, from `offset` on."""

    attempt: int
    offset: int
    """Byte at which the first line counted here begins."""
    every: int
    marks: list[int]
    """Bytes at which the lines `every`, 2 * `every`, ... begin, counted from 0 at `offset`."""
    lines: int
    """Newlines from `offset` to `size`."""
    size: int
    """Bytes of the whole log."""
