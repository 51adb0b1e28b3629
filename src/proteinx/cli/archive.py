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
from typing import IO, Any, Final

import proteinx
from proteinx.cli.exits import CommandError

MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_STATE, _WORKDIR = "state", "workdir"
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL
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
    """Checks every name and hash before anything is put in place. Raises CommandError; then nothing is left of it."""
    with tarfile.open(source) as archive:
        manifest = _read_manifest(archive)
        files: dict[str, str] = manifest["files"]
        home = workdir or (Path(manifest["workdir"]) if manifest["workdir"] else None)
        has_files = any(name.startswith(f"{_WORKDIR}/") for name in files)
        if has_files and (home is None or _holds_files(home)):
            raise CommandError(f"{home} holds files already; name an empty folder with --workdir.")
        targets = {name: _target(name, state, home) for name in files}
        for name, expected in files.items():
            with _member(archive, name) as stream:
                if _digest(stream) != expected:
                    raise CommandError(f"{name} is damaged in the backup (its hash differs); nothing was restored.")
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            for name, target in targets.items():
                _extract(archive, name, target)
            if workdir is not None:
                _move_workdir(state, workdir.resolve())
        except BaseException:
            shutil.rmtree(state)
            raise
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
    descriptor = os.open(part, _NEW, 0o600)
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


def _target(name: str, state: Path, workdir: Path | None) -> Path:
    top, _, rest = name.partition("/")
    base = {_STATE: state, _WORKDIR: workdir}.get(top)
    target = (base / rest).resolve() if base is not None else None
    if base is None or target is None or not target.is_relative_to(base.resolve()):
        raise CommandError(f"The backup's member {name!r} leads out of its folder; nothing was restored.")
    return target


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        member = archive.getmember(name)
    except KeyError:
        raise CommandError(f"The backup lacks {name}, which its manifest names; nothing was restored.") from None
    stream = archive.extractfile(member) if member.isreg() else None
    if stream is None:
        raise CommandError(f"The backup's member {name!r} is no file; nothing was restored.")
    return stream


def _extract(archive: tarfile.TarFile, name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o600 | (archive.getmember(name).mode & 0o111)
    with _member(archive, name) as stream, os.fdopen(os.open(target, _NEW, mode), "wb") as file:
        shutil.copyfileobj(stream, file)


def _move_workdir(state: Path, workdir: Path) -> None:
    """The database names the workdir; MLflow's experiments name none, since theirs go through its proxy."""
    with closing(sqlite3.connect(state / "proteinx.db")) as database, database:
        database.execute("UPDATE settings SET value = ? WHERE key = 'workdir'", (json.dumps({"path": str(workdir)}),))


def _holds_files(folder: Path) -> bool:
    return folder.exists() and any(path.is_file() for path in folder.rglob("*"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return _digest(file)


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(1024 * 1024):
        digest.update(piece)
    return digest.hexdigest()
