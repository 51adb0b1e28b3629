"""The bytes of one unfinished upload: `data`, written in place, and a marker `<n>.part` for each part that is whole.

A marker holds the part's SHA-256. Parts are not synced one by one; if a crash of the machine damages one, the check at
the end finds which, and only that one is sent again.
"""

import hashlib
import os
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.errors import Conflict, TooLarge, Unprocessable
from app.storage.local import space_checked
from proteinx.contracts.protocol import PART_SIZE

_CHUNK: Final = 1024 * 1024


@dataclass(slots=True)
class _Progress:
    """What this process knows of an upload beside what is on disk; it may be lost at any time."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    expected: dict[int, str] = field(default_factory=dict)
    """SHA-256 of each part as the newest request for it says: one that says otherwise must not write any more."""
    hashed: int = 0
    """Parts from the start that `whole` has seen, so that the end needs no second reading."""
    whole: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    closed: bool = False


_progress: dict[Path, _Progress] = {}
_progress_lock = threading.Lock()


class Staging:
    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.size = size
        self.parts = -(-size // PART_SIZE)
        with _progress_lock:
            self.progress = _progress.setdefault(folder, _Progress())

    def create(self) -> None:
        with space_checked():
            self.folder.mkdir(parents=True)
            self.data.touch()

    def received(self) -> list[int]:
        """Numbers of the parts that are whole."""
        return sorted(int(marker.stem) for marker in self.folder.glob("*.part"))

    def writer(self, number: int, sha256: str) -> "PartWriter":
        if not 0 <= number < self.parts:
            raise Unprocessable("bad_part", f"This upload has parts 0 to {self.parts - 1}; {number} is none of them.")
        return PartWriter(self, number, sha256)

    def part_length(self, number: int) -> int:
        return min(PART_SIZE, self.size - number * PART_SIZE)

    def finish(self) -> str:
        """SHA-256 of the whole, synced to the disk. No part can be written after it."""
        with self.progress.lock:
            self.progress.closed = True
            self._hash_on()
            with self.data.open("rb+") as file:
                os.fsync(file.fileno())
            return self.progress.whole.hexdigest()

    def drop_damaged(self) -> list[int]:
        """Parts that are no longer what they were when they came; their markers go."""
        with self.progress.lock:
            damaged = [number for number in self.received() if self._part_hash(number) != self.marker(number)]
            for number in damaged:
                self._marker_path(number).unlink()
            self._start_over()
            return damaged

    def forget(self) -> None:
        """What this process knows of it; the disk has all that counts."""
        with self.progress.lock:
            self.progress.closed = True
        with _progress_lock:
            _progress.pop(self.folder, None)

    def remove(self) -> None:
        self.forget()
        shutil.rmtree(self.folder, ignore_errors=True)

    def marker(self, number: int) -> str | None:
        try:
            return self._marker_path(number).read_text()
        except FileNotFoundError:
            return None

    def accept(self, number: int, sha256: str) -> None:
        """Marks a part as whole. The caller holds the lock."""
        with space_checked():
            temporary = self.folder / f"{number}.new"
            temporary.write_text(sha256)
            temporary.replace(self._marker_path(number))
        self._hash_on()

    def reject(self, number: int) -> None:
        """Forgets a part that is about to be written anew. The caller holds the lock."""
        self._marker_path(number).unlink(missing_ok=True)
        if number < self.progress.hashed:
            self._start_over()

    def _marker_path(self, number: int) -> Path:
        return self.folder / f"{number}.part"

    def _start_over(self) -> None:
        self.progress.hashed, self.progress.whole, self.progress.closed = 0, hashlib.sha256(), False

    def _hash_on(self) -> None:
        received = set(self.received())
        with self.data.open("rb") as file:
            while self.progress.hashed in received:
                self._read_part(file.fileno(), self.progress.hashed, self.progress.whole)
                self.progress.hashed += 1

    def _part_hash(self, number: int) -> str:
        digest = hashlib.sha256()
        with self.data.open("rb") as file:
            self._read_part(file.fileno(), number, digest)
        return digest.hexdigest()

    def _read_part(self, file: int, number: int, digest: "hashlib._Hash") -> None:
        os.lseek(file, number * PART_SIZE, os.SEEK_SET)
        left = self.part_length(number)
        while left and (data := os.read(file, min(_CHUNK, left))):
            digest.update(data)
            left -= len(data)


class PartWriter:
    """Takes one part's body as it comes.

    Several requests may send the same part at once (a connection that hangs, and its retry): they write the same
    bytes, and the first that is whole settles it. One that announces other content takes the part over.
    """

    def __init__(self, staging: Staging, number: int, sha256: str) -> None:
        self._staging = staging
        self._number = number
        self._expected = sha256
        self._length = staging.part_length(number)
        self._written = 0
        self._digest = hashlib.sha256()
        with staging.progress.lock:
            self._known = staging.marker(number) == sha256
            staging.progress.expected[number] = sha256
            if not self._known:
                staging.reject(number)

    def write(self, data: bytes) -> None:
        """Raises TooLarge, Conflict if the upload was finished or other content is sent for the part, NoSpace."""
        if self._written + len(data) > self._length:
            raise TooLarge("part_too_large", f"Part {self._number} has {self._length} bytes; more came.")
        if not self._known:
            self._digest.update(data)
            with self._staging.progress.lock, space_checked():
                self._place(data)
        self._written += len(data)

    def commit(self) -> None:
        """Raises Unprocessable for a part that is too short or not what its header said."""
        if self._written != self._length:
            raise Unprocessable(
                "part_torn", f"Part {self._number} has {self._length} bytes, {self._written} came; send it again."
            )
        if self._known:
            return
        if self._digest.hexdigest() != self._expected:
            raise Unprocessable("part_hash", f"Part {self._number} is not what its header says; send it again.")
        with self._staging.progress.lock:
            if not self._is_settled():
                self._staging.accept(self._number, self._expected)

    def _place(self, data: bytes) -> None:
        if self._is_settled():
            return
        with self._staging.data.open("rb+") as file:
            file.seek(self._number * PART_SIZE + self._written)
            file.write(data)

    def _is_settled(self) -> bool:
        """Whether another request has brought the part meanwhile. Raises Conflict if it brings other content."""
        progress = self._staging.progress
        if progress.closed or progress.expected.get(self._number) != self._expected:
            raise Conflict("part_replaced", f"Part {self._number} is finished, or other content is sent for it.")
        return self._staging.marker(self._number) == self._expected
