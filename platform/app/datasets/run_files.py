"""A run's artifacts as another job's input: `runs:/<run>/<path>`, as MLflow writes it; a file or a folder."""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.master import Master
from app.models import Artifact, Job
from app.nearest import hint
from app.storage import keys

REFERENCE: Final = re.compile(r"runs:/([0-9a-f]{32})/(\S(?:.*\S)?)")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`sha256` is known of what a job committed, not of what it handed to MLflow."""

    key: str
    size: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class RunFiles:
    files: dict[str, StoredFile]
    """By path below the folder, or by the one file's name."""
    is_folder: bool


def find(session: Session, master: Master, reference: str) -> RunFiles:
    """Raises NotFound, naming the nearest path there is."""
    run, wanted = _split(reference)
    if session.get(Job, run) is None:
        raise NotFound("unknown_run", f"There is no run {run} among the jobs; `px jobs` lists them.")
    stored = _stored(session, master, run)
    if wanted in stored:
        return RunFiles({wanted.rpartition("/")[2]: stored[wanted]}, is_folder=False)
    inside = {path.removeprefix(f"{wanted}/"): file for path, file in stored.items() if path.startswith(f"{wanted}/")}
    if not inside:
        raise NotFound("unknown_artifact", f"The run {run} has no artifact {wanted!r}.{hint(wanted, stored)}")
    return RunFiles(inside, is_folder=True)


def _split(reference: str) -> tuple[str, str]:
    match = REFERENCE.fullmatch(reference)
    if match is None:
        raise NotFound("unknown_artifact", f"{reference!r} is no artifact of a run: write runs:/<run>/<path>.")
    return match[1], match[2].rstrip("/")


def _stored(session: Session, master: Master, run: str) -> dict[str, StoredFile]:
    committed = {row.path: row for row in session.scalars(select(Artifact).where(Artifact.job_id == run))}
    prefix = f"{keys.artifacts(run)}/"
    files = {}
    for key, size in master.storage.list(prefix.rstrip("/")):
        path = key.removeprefix(prefix)
        row = committed.get(path)
        files[path] = StoredFile(key, size, row.sha256 if row is not None and row.size == size else None)
    return files
