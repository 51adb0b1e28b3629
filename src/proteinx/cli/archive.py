"""The file that `px backup` makes: a tar whose first member is a manifest of all others' hashes."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import proteinx
from proteinx.cli.exits import CommandError

MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_STATE, _WORKDIR = "state", "workdir"
_TRANSIENT: Final = ("run", "logs")
"""Folders of the state that mean something to a running master only."""


@dataclass(frozen=True, slots=True)
class Places:
    state: Path
    database: Path
    workdir: Path | None


def pack(places: Places, target: Path, *, with_workdir: bool) -> dict[str, Any]:
    """Returns the manifest. Raises CommandError if a database is in use; leaves no half file."""
    databases = sorted(places.state.rglob("*.db"))
    for database in {places.database, *databases}:
        require_unused(database)
    if with_workdir and places.workdir is None:
        raise CommandError("No workdir has been set yet; leave --workdir out.")
    part = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix="proteinx-backup-") as temporary:
            files = dict(_state_files(places.state, Path(temporary)))
            if with_workdir and places.workdir is not None:
                files |= {f"{_WORKDIR}/{name}": path for name, path in _walk(places.workdir)}
            manifest = _manifest(places, files)
            _write(part, manifest, files)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def unpack(source: Path, state: Path, workdir: Path | None) -> dict[str, Any]:
    """Checks every hash before anything is put in place. Raises CommandError."""
    with tarfile.open(source) as archive:
        manifest = _read_manifest(archive)
        files: dict[str, str] = manifest["files"]
        home = workdir or (Path(manifest["workdir"]) if manifest["workdir"] else None)
        targets = {_STATE: state, _WORKDIR: home}
        if home is not None and any(name.startswith(f"{_WORKDIR}/") for name in files) and _holds_files(home):
            raise CommandError(f"{home} holds files already; name another folder with --workdir.")
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, expected in files.items():
            top, _, rest = name.partition("/")
            base = targets.get(top)
            if base is None:
                raise CommandError(f"The backup has {name}, and no folder for it: give one with --workdir.")
            _extract(archive, name, base, rest, expected)
    if workdir is not None:
        _move_workdir(state, workdir.resolve())
    return manifest


def require_unused(database: Path) -> None:
    """Raises CommandError while any process has the database open, however it was started."""
    if not database.exists():
        return
    with closing(sqlite3.connect(database, timeout=0.5, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # before WAL's shared memory: then others block it
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise CommandError(f"{database} is in use: stop the master first (`px down`).") from error


def _state_files(state: Path, temporary: Path) -> Iterator[tuple[str, Path]]:
    """Databases as copies without journals; all else as it is."""
    for name, path in _walk(state):
        if name.split("/")[0] in _TRANSIENT or name.endswith((".db-wal", ".db-shm", ".db-journal")):
            continue
        if path.suffix == ".db":
            copy = temporary / name.replace("/", "_")
            with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(copy)) as copied:
                live.backup(copied)
            yield f"{_STATE}/{name}", copy
        else:
            yield f"{_STATE}/{name}", path


def _walk(root: Path) -> Iterator[tuple[str, Path]]:
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix(), path


def _manifest(places: Places, files: dict[str, Path]) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "version": proteinx.__version__,
        "workdir": str(places.workdir) if places.workdir else None,
        "files": {name: _sha256(path) for name, path in files.items()},
    }


def _write(part: Path, manifest: dict[str, Any], files: dict[str, Path]) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        text = json.dumps(manifest, indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(text)
        archive.addfile(head, io.BytesIO(text))
        for name, path in files.items():
            archive.add(path, name, recursive=False)
        raw.flush()
        os.fsync(raw.fileno())


def _read_manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    first = archive.next()
    stream = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
    if stream is None:
        raise CommandError("This is no backup made by `px backup`.")
    manifest: dict[str, Any] = json.load(stream)
    if manifest.get("format") != _FORMAT:
        raise CommandError(f"This backup has format {manifest.get('format')}; this version reads {_FORMAT}.")
    return manifest


def _extract(archive: tarfile.TarFile, name: str, base: Path, rest: str, expected: str) -> None:
    target = (base / rest).resolve()
    if not target.is_relative_to(base.resolve()):
        raise CommandError(f"The backup's member {name!r} leads out of its folder; nothing of it is trusted.")
    member = archive.getmember(name)
    stream = archive.extractfile(member) if member.isreg() else None
    if stream is None:
        raise CommandError(f"The backup's member {name!r} is no file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 | (member.mode & 0o111))
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(stream, file)
    if _sha256(target) != expected:
        raise CommandError(f"{name} is damaged in the backup (its hash differs); what was restored is not complete.")


def _move_workdir(state: Path, workdir: Path) -> None:
    """The database names the workdir; MLflow's experiments name none, since theirs go through its proxy."""
    with closing(sqlite3.connect(state / "proteinx.db")) as database, database:
        database.execute("UPDATE settings SET value = ? WHERE key = 'workdir'", (json.dumps({"path": str(workdir)}),))


def _holds_files(folder: Path) -> bool:
    return folder.exists() and any(path.is_file() for path in folder.rglob("*"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
