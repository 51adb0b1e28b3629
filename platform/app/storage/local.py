"""Files on the master's own disk, below the workdir. A file is there whole or not at all."""

import errno
import os
import shutil
import stat
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.errors import Conflict, NoSpace, NotFound, Unavailable, Unprocessable
from proteinx.contracts.paths import BadPathError, check_path
from proteinx.contracts.phrases import say

CHUNK = 1024 * 1024
_TEMPORARY = ".proteinx-tmp-"
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_LOCKS = tuple(threading.Lock() for _ in range(64))


@contextmanager
def space_checked() -> Iterator[None]:
    """A full disk becomes NoSpace("no_space"), which says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_SPACE:
            raise
        raise NoSpace("no_space", say("disk_full")) from error


def check_key(key: str) -> str:
    """Raises Unprocessable("bad_path") for a key that is no plain relative path."""
    try:
        return check_path(key)
    except BadPathError as error:
        raise Unprocessable("bad_path", str(error), field="path") from error


class LocalStorage:
    def __init__(self, get_workdir: Callable[[], Path | None]) -> None:
        self._get_workdir = get_workdir

    def require(self) -> Path:
        workdir = self._get_workdir()
        if workdir is None:
            raise Unavailable("workdir_unset", "No workdir is set yet; an admin sets it on the settings page.")
        return workdir

    def adopt(self, key: str, source: Path) -> None:
        self.adopt_all({key: source})

    def adopt_all(self, sources: Mapping[str, Path]) -> None:
        folders = set()
        with space_checked():
            for key, source in sources.items():
                target = self._path(key)
                folders |= _make_folders(target.parent)
                _sync_file(source)
                source.replace(target)
                folders.add(target.parent)
        for folder in folders:
            _sync_folder(folder)

    def move(self, origin: str, key: str) -> None:
        source = self._path(origin)
        if not source.is_file():
            raise NotFound("file_not_found", f"There is no file {origin}.")
        self.adopt(key, source)

    def write_bytes(self, key: str, data: bytes) -> None:
        target = self._path(key)
        temporary = target.with_name(f"{_TEMPORARY}{uuid.uuid4().hex}")
        with space_checked():
            _make_folders(target.parent)
            try:
                temporary.write_bytes(data)
                self.adopt(key, temporary)
            finally:
                temporary.unlink(missing_ok=True)

    def append(self, key: str, offset: int, data: bytes) -> int:
        """Not synced to the disk: a crash of the master loses nothing, a loss of power may lose the last second."""
        target = self._path(key)
        with _LOCKS[hash(key) % len(_LOCKS)], space_checked():
            target.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(target, os.O_WRONLY | os.O_CREAT | _NOFOLLOW, 0o644)
            with os.fdopen(file, "wb") as out:
                size = os.fstat(out.fileno()).st_size
                if offset > size:
                    raise Conflict("offset_gap", f"There are {size} bytes; send from offset {size}.")
                fresh = data[size - offset :]
                out.seek(size)
                out.write(fresh)
                return size + len(fresh)

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        if self.size(key) is None:
            raise NotFound("file_not_found", f"There is no file {key}.")
        file = os.fdopen(os.open(self._path(key), os.O_RDONLY | _NOFOLLOW), "rb", buffering=0)

        def chunks() -> Iterator[bytes]:
            with file:
                file.seek(start)
                left = length
                while left is None or left > 0:
                    data = file.read(CHUNK if left is None else min(CHUNK, left))
                    if not data:
                        return
                    left = None if left is None else left - len(data)
                    yield data

        return chunks()

    @contextmanager
    def as_file(self, key: str) -> Iterator[Path]:
        if self.size(key) is None:
            raise NotFound("file_not_found", f"There is no file {key}.")
        yield self._path(key)

    def size(self, key: str) -> int | None:
        try:
            status = self._path(key).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def list(self, prefix: str) -> Iterator[tuple[str, int]]:
        workdir = self.require()
        start = self._path(prefix)
        if start.is_file() and not start.is_symlink():
            yield prefix, start.stat().st_size
            return
        found: list[tuple[str, int]] = []
        for folder, _, names in os.walk(start):
            for name in names:
                path = Path(folder) / name
                status = path.lstat()
                if stat.S_ISREG(status.st_mode) and not name.startswith(_TEMPORARY):
                    found.append((path.relative_to(workdir).as_posix(), status.st_size))
        yield from sorted(found)

    def delete(self, prefix: str) -> None:
        target = self._path(prefix)
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        return shutil.disk_usage(self.require()).free

    def _path(self, key: str) -> Path:
        return self.require() / check_key(key)


def _make_folders(folder: Path) -> set[Path]:
    """Makes the folder; returns those whose entries changed and must be synced."""
    changed = set()
    missing = folder
    while not missing.exists():
        changed.add(missing.parent)
        missing = missing.parent
    folder.mkdir(parents=True, exist_ok=True)
    return changed


def _sync_file(path: Path) -> None:
    file = os.open(path, os.O_RDWR | _NOFOLLOW)  # Windows syncs only what is open for writing
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # folders can't be opened there; NTFS journals the rename itself
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
