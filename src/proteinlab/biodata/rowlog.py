"""A few numbers for every record of a file, so that questions over all records need no second reading."""

import tempfile
from collections.abc import Iterator
from typing import IO

import numpy as np
import numpy.typing as npt

# Hashes are Python's own 64-bit ones; two of 30 million records share one by chance once in 40,000 files.
ROW = np.dtype(
    [
        ("line", np.int64),
        ("sequence", np.int64),  # hash of the residues
        ("id", np.int64),  # hash of the id
        ("label", np.int64),  # hash of the label, 0 where it is missing
        ("value", np.float64),  # the label as a number, else NaN
        ("set", np.int16),  # code of the set, -1 where it is missing
    ]
)
FILTER_BITS = 22
FILTER_MASK = (1 << FILTER_BITS) - 1
Rows = npt.NDArray[np.void]
MEMORY_ROWS = 1 << 20  # 42 MB; beyond it rows go to a temporary file


class RowLog:
    """Memory is bounded by `memory_rows`; a temporary file takes 42 bytes per record beyond that."""

    def __init__(self, memory_rows: int = MEMORY_ROWS) -> None:
        self._memory_rows = memory_rows
        self._held: list[Rows] = []
        self._held_rows = 0
        self._file: IO[bytes] | None = None
        self.rows = 0

    def append(self, rows: Rows) -> None:
        self._held.append(rows)
        self._held_rows += len(rows)
        self.rows += len(rows)
        if self._held_rows > self._memory_rows:
            self._spill()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def chunks(self) -> Iterator[Rows]:
        """All rows in the order of the file, some at a time."""
        if self._file is not None:
            self._file.seek(0)
            while data := self._file.read(ROW.itemsize * min(self._memory_rows, 1 << 16)):
                yield np.frombuffer(data, dtype=ROW)
        yield from self._held

    def repeated(self, key: str) -> Iterator[Rows]:
        """The rows whose `key` stands more than once, some keys at a time.

        Rows of one key come together and in the order of the file.
        """
        parts = -(-self.rows // self._memory_rows)
        for part in range(parts):
            keys = [_part(rows[key], part, parts) for rows in self.chunks()]
            ordered = np.sort(np.concatenate(keys))
            twice = ordered[1:][ordered[1:] == ordered[:-1]]
            if len(twice):
                among = KeyFilter(twice)
                rows = np.concatenate([rows[among(rows[key])] for rows in self.chunks()])
                yield rows[np.argsort(rows[key], kind="stable")]

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="proteinlab-rows-")  # noqa: SIM115 (closed by close())
        self._file.seek(0, 2)
        for rows in self._held:
            self._file.write(rows.tobytes())
        self._held, self._held_rows = [], 0


def _part(keys: npt.NDArray[np.int64], part: int, parts: int) -> npt.NDArray[np.int64]:
    return keys if parts == 1 else keys[keys % parts == part]


class KeyFilter:
    """Tells which keys are among those given in order. The last bits of a hash rule out most at once."""

    def __init__(self, ordered: npt.NDArray[np.int64]) -> None:
        self._ordered = ordered
        self._marked = np.zeros(1 << FILTER_BITS, dtype=np.bool_)
        self._marked[ordered & FILTER_MASK] = True

    def __call__(self, keys: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        found: npt.NDArray[np.bool_] = self._marked[keys & FILTER_MASK]
        suspects = keys[found]
        places = np.minimum(np.searchsorted(self._ordered, suspects), len(self._ordered) - 1)
        found[found] = self._ordered[places] == suspects
        return found
