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

    def partitions(self, key: str) -> Iterator[Rows]:
        """All rows, so that rows with an equal `key` come together; in the order of the file within each."""
        parts = -(-self.rows // self._memory_rows)
        for part in range(parts):
            chosen = [rows[rows[key] % parts == part] for rows in self.chunks()]
            yield np.concatenate(chosen) if chosen else np.zeros(0, dtype=ROW)

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="proteinlab-rows-")  # noqa: SIM115 (closed by close())
        self._file.seek(0, 2)
        for rows in self._held:
            self._file.write(rows.tobytes())
        self._held, self._held_rows = [], 0
