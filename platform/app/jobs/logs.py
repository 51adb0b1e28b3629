"""Logs of attempts: one file for each member, written by byte offset, read in pieces that are whole characters.

Nothing here touches the database while a log is under its cap: a line must be seen within milliseconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import TooLarge, Unprocessable
from app.live import announce
from app.master import Master
from app.storage.base import Storage
from app.workdir.service import get_settings
from proteinx.contracts.protocol import LOG_CHUNK_LIMIT

PIECE = 64 * 1024
MAX_TAIL = 10_000
MAX_MATCHES = 1000
MAX_MATCH_LENGTH = 4096
LONGEST_LINE = 1024 * 1024
"""A search takes a longer line in parts, so that a log without newlines costs no more than others."""
_SMALLEST_CAP = 4096
"""The least that an admin may set: below it there is no need to look."""


def log_key(job_id: str, attempt: int, rank: int) -> str:
    return f"logs/{job_id}/{attempt}.{rank}.log"


def append(master: Master, job_id: str, attempt: int, rank: int, *, offset: int, data: bytes) -> int:
    """Stores what is new of `data`; returns the offset to send next.

    Sending again what is there is harmless. Raises Conflict("offset_gap") where bytes before `offset` are missing,
    TooLarge. Over the cap the bytes are acknowledged but not kept, and the log says so.
    """
    if len(data) > LOG_CHUNK_LIMIT:
        raise TooLarge("chunk_too_large", f"Send at most {LOG_CHUNK_LIMIT} bytes of a log at once.")
    key = log_key(job_id, attempt, rank)
    end = offset + len(data)
    cap = _cap(master) if end > _SMALLEST_CAP else end
    if end <= cap:
        size = master.storage.append(key, offset, data)
    else:
        size = max(end, _append_capped(master.storage, key, offset, data, cap))
    if data:
        master.hub.publish(announce.log_topic(job_id))
    return size


def _cap(master: Master) -> int:
    with master.db.read() as session:
        return get_settings(session).max_log_bytes


def _append_capped(storage: Storage, key: str, offset: int, data: bytes, cap: int) -> int:
    size = storage.size(key) or 0
    if size < cap:
        size = storage.append(key, offset, data[: max(cap - offset, 0)])
    if size == cap:
        size = storage.append(key, cap, _marker(cap))
    return size


def _marker(cap: int) -> bytes:
    return f"\n[ProteinX: this log has reached {cap} bytes; the rest is not kept here]\n".encode()


def whole_characters(data: bytes) -> bytes:
    """`data` without the first bytes of a UTF-8 character whose rest is still to come."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte < 0x80:
            return data
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return data[:-back] if needed > back else data
    return data


def read_piece(storage: Storage, key: str, offset: int, limit: int = PIECE) -> bytes:
    """At most `limit` bytes from `offset`; empty where there are none (yet)."""
    size = storage.size(key)
    if size is None or offset >= size:
        return b""
    return b"".join(storage.read(key, offset, min(limit, size - offset)))


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a log to send: `offset` of its first byte, `end` after its last, `size` of the whole log."""

    offset: int
    end: int
    size: int
    chunks: Iterator[bytes]


def read(storage: Storage, key: str, offset: int, limit: int | None) -> Slice:
    """From `offset`, at most `limit` bytes and then cut so that no character is torn; without a limit, to the end."""
    size = storage.size(key) or 0
    offset = min(offset, size)
    if limit is not None and limit < size - offset:
        piece = read_piece(storage, key, offset, limit)
        piece = whole_characters(piece) or piece
        return Slice(offset, offset + len(piece), size, iter([piece]))
    chunks = storage.read(key, offset, size - offset) if size > offset else iter(())
    return Slice(offset, size, size, chunks)


def tail(storage: Storage, key: str, lines: int) -> Slice:
    """The last `lines` lines."""
    size = storage.size(key) or 0
    start, found = size, 0
    wanted = min(lines, MAX_TAIL)
    while start > 0 and wanted > 0:
        block_start = max(0, start - PIECE)
        block = b"".join(storage.read(key, block_start, start - block_start))
        if start == size and block.endswith(b"\n"):
            wanted += 1  # the newline at the very end closes the last line, it opens none
        newlines = block.count(b"\n")
        if found + newlines >= wanted:
            position = len(block)
            for _ in range(wanted - found):
                position = block.rindex(b"\n", 0, position)
            start = block_start + position + 1
            break
        found, start = found + newlines, block_start
    chunks = storage.read(key, start, size - start) if size > start else iter(())
    return Slice(start, size, size, chunks)


def search(storage: Storage, key: str, text: str, offset: int, matches: int) -> Slice:
    """The lines with `text` in them, whatever the case, each as `<offset>:<line>`, from `offset` on.

    `end` is where to go on: the log's size once all of it was searched. Raises Unprocessable for an empty text.
    """
    if not text or "\n" in text:
        raise Unprocessable("bad_search", "Search for a text of one line.", field="search")
    needle = text.lower()
    size = storage.size(key) or 0
    found: list[bytes] = []
    for start, line in _lines(storage, key, offset, size):
        if needle in line.decode(errors="replace").lower():
            found.append(b"%d:%s\n" % (start, line[:MAX_MATCH_LENGTH]))
            if len(found) == min(matches, MAX_MATCHES):
                return Slice(offset, min(start + len(line) + 1, size), size, iter(found))
    return Slice(offset, size, size, iter(found))


def _lines(storage: Storage, key: str, offset: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Each line from `offset` on with the offset of its first byte, without its newline."""
    if offset >= size:
        return
    position, rest = offset, b""
    for chunk in storage.read(key, offset, size - offset):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield position, line
            position += len(line) + 1
        if len(rest) > LONGEST_LINE:
            yield position, rest
            position, rest = position + len(rest), b""
    if rest:
        yield position, rest
