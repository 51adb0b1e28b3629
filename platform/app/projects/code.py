"""Snapshots' files: kept as archives in the storage, unpacked once on the master's disk so that configs can be read."""

import os
import shutil
import tempfile
import time
import uuid
from pathlib import Path
from typing import Final

from app.errors import Unprocessable
from app.master import Master
from app.storage import keys
from proteinx.contracts import snapshot
from proteinx.contracts.mlproject import MLprojectError
from proteinx.contracts.snapshot import SnapshotError

KEEP: Final = 40
"""Unpacked snapshots that are kept; the least recently used ones go first."""


def unpacked(master: Master, digest: str) -> Path:
    """The folder with a stored snapshot's files; unpacked at the first use."""
    target = _cache(master) / digest
    if target.is_dir():
        os.utime(target)
        return target
    with tempfile.TemporaryDirectory(dir=_cache(master), prefix=".archive-") as folder:
        archive = Path(folder) / "archive"
        with archive.open("wb") as out:
            for chunk in master.storage.read(keys.snapshot(digest)):
                out.write(chunk)
        opened = _cache(master) / f".new-{uuid.uuid4().hex}"
        snapshot.unpack(archive, opened, digest)
    return keep(master, digest, opened)


def unpack_new(master: Master, archive: Path, digest: str) -> tuple[Path, snapshot.Tree]:
    """Opens an archive that somebody sent. Raises Unprocessable naming the member at fault."""
    opened = _cache(master) / f".new-{uuid.uuid4().hex}"
    try:
        return opened, snapshot.unpack(archive, opened, digest)
    except SnapshotError as error:
        raise refusal(error) from error


def keep(master: Master, digest: str, opened: Path) -> Path:
    """Makes a freshly unpacked folder the one of its digest; another request may have been first."""
    target = _cache(master) / digest
    try:
        opened.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        shutil.rmtree(opened)
    _prune(_cache(master))
    return target


def refusal(error: SnapshotError | MLprojectError) -> Unprocessable:
    field = error.path if isinstance(error, SnapshotError) else error.field
    return Unprocessable(error.code, error.detail, field=field)


def _cache(master: Master) -> Path:
    folder = master.settings.state / "compose-cache"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _prune(folder: Path) -> None:
    """Also what a crash left half unpacked an hour ago or more."""
    entries = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    whole = [path for path in entries if not path.name.startswith(".")]
    torn = [path for path in entries if path.name.startswith(".") and path.stat().st_mtime < time.time() - 3600]
    for path in [*whole[KEEP:], *torn]:
        shutil.rmtree(path, ignore_errors=True)
