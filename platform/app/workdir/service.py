"""The system's settings, and the workdir: where all files lie. Both are kept in the database."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import SYSTEM, Actor
from app.db import Database
from app.errors import Conflict, Unprocessable
from app.models import DatasetVersion, Job, ProjectSnapshot, Setting, Upload
from app.settings import REPOSITORY, Settings
from proteinx.contracts.system import SystemSettings, WorkdirView

LAYOUT: Final = ("raw", "processed", "projects", "logs", "checkpoints", "artifacts", "uploads")
LEAST_FREE: Final = 1024**3
_SYSTEM_KEY: Final = "system"
_WORKDIR_KEY: Final = "workdir"


def get_settings(session: Session) -> SystemSettings:
    row = session.get(Setting, _SYSTEM_KEY)
    return SystemSettings.model_validate(row.value if row else {})


def set_settings(session: Session, actor: Actor, settings: SystemSettings) -> SystemSettings:
    before = get_settings(session).model_dump()
    _put(session, _SYSTEM_KEY, settings.model_dump())
    changed = {key: value for key, value in settings.model_dump().items() if before[key] != value}
    audit.write(session, actor, "settings.set", "settings", changed)
    return settings


def workdir(session: Session) -> Path | None:
    row = session.get(Setting, _WORKDIR_KEY)
    return Path(row.value["path"]) if row else None


def set_workdir(session: Session, settings: Settings, actor: Actor | str, text: str) -> Path:
    """Creates and checks the folder and its layout, then remembers it.

    Raises Unprocessable naming what is wrong with it, Conflict while the present one holds data.
    """
    path = check(Path(text), settings)
    present = workdir(session)
    if present == path:
        return path
    if not is_changeable(session, present):
        raise Conflict("workdir_in_use", f"{present} holds data; move it offline (docs/security.md) instead.")
    for name in LAYOUT:
        (path / name).mkdir(exist_ok=True)
    _put(session, _WORKDIR_KEY, {"path": str(path)})
    audit.write(session, actor, "workdir.set", str(path), {"before": str(present) if present else None})
    return path


def set_from_environment(db: Database, settings: Settings) -> None:
    """`PROTEINX_WORKDIR` counts at the first start only: from then on the database has it."""
    if settings.workdir is None:
        return
    with db.write() as session:
        if workdir(session) is None:
            set_workdir(session, settings, SYSTEM, str(settings.workdir))


def well_placed(path: Path, settings: Settings) -> Path:
    """Resolved. Raises Unprocessable for a folder where the workdir would mix with code or secrets."""
    if not path.is_absolute() or "\0" in str(path):
        raise _bad("workdir_not_absolute", "Give the workdir as an absolute path.")
    path = path.resolve()
    for place, name in ((settings.state.resolve(), "the state folder"), (REPOSITORY, "the program's own folder")):
        if path == place or path in place.parents or (place in path.parents and not _is_data(path, place)):
            raise _bad("workdir_misplaced", f"The workdir may not lie in or around {name}, {place}.")
    return path


def check(path: Path, settings: Settings) -> Path:
    """Creates the folder if need be and tries it. Raises Unprocessable."""
    path = well_placed(path, settings)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"probe")
            probe.flush()
            os.fsync(probe.fileno())
        free = shutil.disk_usage(path).free
    except OSError as error:
        raise _bad("workdir_not_writable", f"{path} can't be written: {error.strerror or error}.") from error
    if free < LEAST_FREE:
        raise _bad("workdir_full", f"The disk of {path} has only {free // 1024**2} MB free; 1 GB is the least.")
    return path


def _is_data(path: Path, repository: Path) -> bool:
    """`var/` of a checkout is where `px up` keeps its data; the rest of it is code."""
    return repository == REPOSITORY and (REPOSITORY / "var") in path.parents


def _bad(code: str, detail: str) -> Unprocessable:
    return Unprocessable(code, detail, field="path")


def is_changeable(session: Session, present: Path | None) -> bool:
    """Only while nothing that the database or MLflow knows of lies in it."""
    if present is None:
        return True
    for model in (Job, DatasetVersion, ProjectSnapshot, Upload):
        if session.scalar(select(model).limit(1)) is not None:
            return False
    return not any(True for name in LAYOUT if (present / name).is_dir() for _ in (present / name).iterdir())


def view(session: Session) -> WorkdirView:
    path = workdir(session)
    exists = path is not None and path.is_dir()
    usage = shutil.disk_usage(path) if path and exists else None
    writable = bool(path and exists and os.access(path, os.W_OK | os.X_OK))
    return WorkdirView(
        path=str(path) if path else None,
        exists=exists,
        writable=writable,
        free_bytes=usage.free if usage else None,
        total_bytes=usage.total if usage else None,
        changeable=is_changeable(session, path),
        problem=problem(path),
    )


def problem(path: Path | None) -> str | None:
    """What is wrong with the workdir, in a sentence."""
    if path is None:
        return "not set; an admin sets it on the settings page"
    if not path.is_dir():
        return "the folder is gone; mount its disk again"
    if not os.access(path, os.W_OK | os.X_OK):
        return "the folder can't be written; mend its permissions"
    return None


def _put(session: Session, key: str, value: dict[str, object]) -> None:
    row = session.get(Setting, key)
    if row is None:
        session.add(Setting(key=key, value=value))
    else:
        row.value = value
    session.flush()


class Workdir:
    """The workdir for those who need it all the time: storage and MLflow. Another process may set it."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.monotonic, keep: float = 5.0) -> None:
        self._db = db
        self._clock = clock
        self._keep = keep
        self._lock = threading.Lock()
        self._known: tuple[float, Path] | None = None

    def __call__(self) -> Path | None:
        with self._lock:
            if self._known and self._clock() - self._known[0] < self._keep:
                return self._known[1]
        with self._db.read() as session:
            path = workdir(session)
        with self._lock:
            self._known = (self._clock(), path) if path else None
        return path

    def forget(self) -> None:
        with self._lock:
            self._known = None
