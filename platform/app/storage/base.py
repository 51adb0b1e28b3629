"""One interface for every place that keeps files. Keys are POSIX paths relative to the workdir."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol


class Storage(Protocol):
    def require(self) -> Path:
        """The workdir. Raises Unavailable("workdir_unset") until an admin has set one."""
        ...

    def adopt(self, key: str, source: Path) -> None:
        """Moves a finished local file (same disk) under `key`: fsync, rename, fsync of the folder."""
        ...

    def adopt_all(self, sources: Mapping[str, Path]) -> None:
        """`adopt` for many files at once; each folder is synced only once."""
        ...

    def move(self, origin: str, key: str) -> None:
        """Gives the file at `origin` another key. Raises NotFound."""
        ...

    def write_bytes(self, key: str, data: bytes) -> None:
        """Whole or not at all; replaces what is there."""
        ...

    def append(self, key: str, offset: int, data: bytes) -> int:
        """Appends `data` whose first byte belongs at `offset`; returns the new size.

        What overlaps with bytes that are there is skipped; a gap raises Conflict("offset_gap") naming the size.
        """
        ...

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Raises NotFound."""
        ...

    def as_file(self, key: str) -> AbstractContextManager[Path]:
        """The content as a file on this disk, for programs that read only those; not to be changed. Raises NotFound."""
        ...

    def size(self, key: str) -> int | None: ...

    def list(self, prefix: str) -> Iterator[tuple[str, int]]:
        """(key, size) of each file below `prefix`, sorted."""
        ...

    def delete(self, prefix: str) -> None: ...

    def free_bytes(self) -> int: ...
