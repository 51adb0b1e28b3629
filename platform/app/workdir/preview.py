"""What a folder would be as the workdir, without making it: for the page on which an admin types its path."""

import os
import shutil
from pathlib import Path

from app.errors import Unprocessable
from app.settings import Settings
from app.workdir.service import LEAST_FREE, well_placed
from proteinx.contracts.system import WorkdirCheck


def preview(text: str, settings: Settings) -> WorkdirCheck:
    try:
        path = well_placed(Path(text), settings)
    except Unprocessable as error:
        return WorkdirCheck(
            path=text, exists=False, writable=False, free_bytes=None, total_bytes=None, problem=error.detail
        )
    there = _nearest_that_exists(path)
    usage = shutil.disk_usage(there)
    writable = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    return WorkdirCheck(
        path=str(path),
        exists=path.is_dir(),
        writable=writable,
        free_bytes=usage.free,
        total_bytes=usage.total,
        problem=_problem(path, there, writable, usage.free),
    )


def _nearest_that_exists(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


def _problem(path: Path, there: Path, writable: bool, free: int) -> str | None:
    if not there.is_dir():
        return f"{there} is a file."
    if not writable:
        what = "can't be written" if there == path else f"can't be made: {there} can't be written"
        return f"{path} {what} by the user that the server runs as."
    if free < LEAST_FREE:
        return f"The disk of {path} has only {free // 1024**2} MB free; 1 GB is the least."
    return None
