"""Files made from a dataset's file so that people can look into it: made on first use, forgotten when not looked at.

They lie in `<workdir>/cache`, named by the content they come from, so that they may be deleted at any time.
"""

import hashlib
import json
import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.datasets.library import Subject
from app.errors import NotFound
from app.master import Master
from app.models import DatasetVersion
from app.storage.local import space_checked
from proteinx.contracts.datasets import ColumnNames

FOLDER: Final = "cache"
KEEP: Final = 7 * 86400.0
"""Seconds after the last use."""
_LOCKS: Final = tuple(threading.Lock() for _ in range(16))

Make = Callable[[Subject, Path], Any]


@dataclass(frozen=True, slots=True)
class Original:
    """One stored file of a version, and how it is read."""

    key: str
    sha256: str
    filename: str
    columns: ColumnNames

    @property
    def digest(self) -> str:
        """Names everything that decides what is made from it."""
        suffix = "".join(Path(self.filename).suffixes[-2:])
        text = json.dumps([self.sha256, suffix, self.columns.model_dump()])
        return hashlib.sha256(text.encode()).hexdigest()[:40]


def original(version: DatasetVersion, path: str | None) -> Original:
    """The file at `path`, or the version's first. Raises NotFound."""
    files = [file for file in version.files if path in (None, file["path"])]
    if not files:
        raise NotFound("file_not_found", f"This version has no file {path!r}.")
    columns = version.columns if len(version.files) == 1 else {}
    name = files[0]["path"].rsplit("/", 1)[-1]
    return Original(files[0]["key"], files[0]["sha256"], name, ColumnNames.model_validate(columns))


def derive(master: Master, source: Original, ending: str, make: Make) -> Path:
    """The derived file; `make(subject, target)` writes it where it is not there yet. What `make` raises passes."""

    def write(part: Path) -> None:
        with master.storage.as_file(source.key) as path:
            make(Subject(path, source.filename, source.columns), part)

    return kept(master, f"{source.digest}{ending}", write)


def kept(master: Master, name: str, write: Callable[[Path], Any]) -> Path:
    """The file of that name in the cache; `write(part)` makes it where it is not there yet."""
    target = master.storage.require() / FOLDER / name
    with _LOCKS[hash(target) % len(_LOCKS)]:
        if target.is_file():
            os.utime(target)
            return target
        target.parent.mkdir(exist_ok=True)
        _forget(target.parent)
        part = target.with_name(f"{uuid.uuid4().hex}.part")
        try:
            with space_checked():
                write(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return target


def _forget(folder: Path) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - KEEP:
            path.unlink(missing_ok=True)
