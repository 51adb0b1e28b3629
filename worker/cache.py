"""Code and data by content: what one job fetched, the next one has.

`blobs/<sha256>` are files, `snapshots/<digest>/` are unpacked projects. Both appear under their name by rename, whole
and checked, and are not changed after that. `environments/<key>/` hold paths of their own, so they are made in place;
what is whole has its facts beside it.
"""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from proteinx.contracts.snapshot import unpack
from worker.layout import take_lock, write_json

_FACTS: Final = ".json"
_YOUNG_SECONDS: Final = 120.0
_WAIT: Final = 0.05
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    path: Path
    name: str
    """The digest."""
    size: int
    used: float


class Cache:
    def __init__(self, root: Path, limit: int) -> None:
        self._root = root
        self._limit = limit
        self._trimming = threading.Lock()
        self._has_grown = True
        for path in (self.blobs, self.snapshots, self.environments, root / "locks", root / "partial"):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def blobs(self) -> Path:
        return self._root / "blobs"

    @property
    def snapshots(self) -> Path:
        return self._root / "snapshots"

    @property
    def environments(self) -> Path:
        return self._root / "environments"

    def has_all(self, names: Collection[str]) -> bool:
        """Whether these blobs and snapshots are there, so that nothing need be fetched."""
        return all((self.blobs / name).exists() or _facts_file(self.snapshots / name).exists() for name in names)

    def blob(self, sha256: str, fetch: Callable[[Path], None], wait: Callable[[float], None]) -> Path:
        """The file with this content. `fetch` writes it, checked, to the path it gets, and may go on where an earlier
        try stopped; `wait` lets time pass while another job fetches the same, and may raise to end that."""
        path = self.blobs / sha256
        with self._alone(sha256, wait):
            if not path.exists():
                partial = self._root / "partial" / sha256
                fetch(partial)
                partial.chmod(0o444)
                partial.replace(path)
                self._has_grown = True
        os.utime(path)
        return path

    def snapshot(self, digest: str, fetch: Callable[[Path], None], wait: Callable[[float], None]) -> tuple[Path, str]:
        """The unpacked project's root, and where in it the folder with MLproject lies. Raises SnapshotError."""
        path = self.snapshots / digest
        with self._alone(digest, wait):
            if not _facts_file(path).exists():
                shutil.rmtree(path, ignore_errors=True)
                self._unpack(digest, path, fetch)
                self._has_grown = True
        os.utime(path)
        return path, str(_facts(path)["project_path"])

    def environment(self, key: str, make: Callable[[Path, int], None], wait: Callable[[float], None]) -> Path:
        """A folder that `make` fills; it gets the lock's descriptor too, for a process that may outlive this one."""
        path = self.environments / key
        with self._alone(key, wait) as lock:
            if not _facts_file(path).exists():
                shutil.rmtree(path, ignore_errors=True)  # left by a build that was broken off
                make(path, lock)
                write_json(_facts_file(path), {"size": _size(path)})
                self._has_grown = True
        os.utime(path)
        return path

    def grown(self) -> bool:
        """Whether anything was added since this was last asked: else there is nothing to trim."""
        grown, self._has_grown = self._has_grown, False
        return grown

    def trim(self, in_use: Collection[str], limit: int | None = None) -> list[str]:
        """Removes what was not used for longest until the limit (or another one) holds; never what is `in_use`, or was
        asked for a moment ago and may be on its way to an attempt. Returns what went."""
        with self._trimming:
            entries = sorted(self._entries(), key=lambda entry: entry.used)
            excess = sum(entry.size for entry in entries) - (self._limit if limit is None else limit)
            removed = []
            for entry in entries:
                if excess <= 0:
                    break
                if entry.name in in_use or entry.path.stat().st_mtime > time.time() - _YOUNG_SECONDS:
                    continue
                _remove(entry.path)
                excess -= entry.size
                removed.append(entry.name)
                log.info("the cache let go of %s", entry.name, extra={"action": "cache_evicted"})
            self._has_grown = self._has_grown or excess > 0  # what could not go now is tried again
            return removed

    def _unpack(self, digest: str, path: Path, fetch: Callable[[Path], None]) -> None:
        archive = self._root / "partial" / f"{digest}.tar.gz"
        fetch(archive)
        fresh = Path(tempfile.mkdtemp(dir=self._root / "partial")) / digest
        tree = unpack(archive, fresh, digest)
        _compile(fresh)
        facts = {"project_path": tree.project_path, "size": _size(fresh)}
        fresh.replace(path)
        write_json(_facts_file(path), facts)
        fresh.parent.rmdir()
        archive.unlink()

    def _entries(self) -> Iterator[Entry]:
        for path in self.blobs.iterdir():
            status = path.stat()
            yield Entry(path, path.name, status.st_size, status.st_mtime)
        for path in (*self.snapshots.iterdir(), *self.environments.iterdir()):
            if path.is_dir() and _facts_file(path).exists():
                yield Entry(path, path.name, _facts(path)["size"], path.stat().st_mtime)

    @contextmanager
    def _alone(self, name: str, wait: Callable[[float], None]) -> Iterator[int]:
        path = self._root / "locks" / name
        while (lock := take_lock(path)) is None:
            wait(_WAIT)
        try:
            yield lock
        finally:
            os.close(lock)


def _facts_file(entry: Path) -> Path:
    return entry.with_name(f"{entry.name}{_FACTS}")


def _facts(entry: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_facts_file(entry).read_bytes())
    return found


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())


def _compile(root: Path) -> None:
    """Once for all jobs on this snapshot, so that none spends its start on it. A child process: source code that
    brings the compiler down is a job's trouble, not the agent's."""
    command = [sys.executable, "-m", "compileall", "-q", str(root)]
    try:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        log.warning("compiling %s took too long and was left out", root.name, extra={"action": "compile_left_out"})


def _remove(path: Path) -> None:
    if path.is_dir():
        _facts_file(path).unlink(missing_ok=True)  # first: what has none is not whole
        shutil.rmtree(path)
    else:
        path.unlink()
