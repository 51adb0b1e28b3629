"""The ids in FASTA headers, hashed by NumPy without making a text of each."""

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.blocks import Ids
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.residues import IntArray

WIDTH = 32
BLANK = ord(" ")  # and whatever is below: tab, line feed
# The odd constant of splitmix64 (Steele, Lea, Flood 2014): each step is one-to-one, so ids that differ in
# eight bytes only never share a hash.
FACTOR = np.uint64(0x9E3779B97F4A7C15)
Windows = npt.NDArray[np.uint8]


def header_ids(block: bytes, starts: IntArray, ends: IntArray, lines: IntArray) -> Ids:
    """Ids of the headers that start (at '>') and end (at the line feed) at the given places of a block.

    Raises DataError missing_id.
    """

    def read(rows: IntArray | None = None) -> list[bytes]:
        chosen = np.arange(len(starts)) if rows is None else rows
        return [_first_word(block[starts[row] + 1 : ends[row]], int(lines[row])) for row in chosen.tolist()]

    padded = np.frombuffer(block + bytes(WIDTH + 1), dtype=np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(padded, WIDTH)[starts + 1]  # (n, WIDTH), a copy
    blanks = windows <= BLANK
    lengths = blanks.argmax(axis=1)  # 0 also where there is no blank
    lengths[(lengths == 0) & ~blanks[:, 0]] = WIDTH
    windows *= np.arange(WIDTH) < lengths[:, None]
    hashes = _mix(windows)
    unusual = np.flatnonzero((lengths == 0) | (lengths == WIDTH))  # a blank after '>', or a long id
    hashes[unusual] = [_hash(name) for name in read(unusual)]
    return Ids(hashes, read)


def _first_word(header: bytes, line: int) -> bytes:
    words = header.split(None, 1)
    if not words:
        raise DataError("missing_id", "The header has no name: write one after '>'.", line)
    return words[0]


def _hash(name: bytes) -> int:
    if len(name) >= WIDTH:
        return hash(name)
    window = np.frombuffer(name.ljust(WIDTH, b"\0"), dtype=np.uint8)[None, :]
    return int(_mix(window)[0])


def _mix(windows: Windows) -> IntArray:
    words = np.ascontiguousarray(windows).view(np.uint64)  # (n, WIDTH / 8)
    mixed = np.zeros(len(words), dtype=np.uint64)
    for column in words.T:
        mixed = (mixed ^ column) * FACTOR
        mixed ^= mixed >> np.uint64(32)
    return mixed.view(np.int64)
