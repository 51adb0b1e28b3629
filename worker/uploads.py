"""Sends the whole of a job's outputs: every file's content first, then the manifest that makes all of it visible."""

import logging
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from proteinx.client.agent import AttemptClient
from proteinx.contracts.uploads import FileRef
from worker.insist import Insistence
from worker.job_files import pinned

_AT_ONCE: Final = 4
log = logging.getLogger(__name__)


def send_outputs(folder: Path, client: AttemptClient, insist: Insistence) -> list[FileRef]:
    """Raises Fenced, ApiError where the master refuses a file for good, OSError."""
    paths = sorted(_files(folder))
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="outputs") as pool:
        files = list(pool.map(lambda path: _send(folder, path, client, insist), paths))
    if files:
        insist(lambda: client.commit_artifacts(files), "outputs")
    return files


def _send(folder: Path, path: Path, client: AttemptClient, insist: Insistence) -> FileRef:
    name = path.relative_to(folder).as_posix()
    with pinned(folder, name) as same:
        return insist(lambda: client.upload(same, name), name)


def _files(folder: Path) -> Iterator[Path]:
    """Regular files; a link is followed by nobody, since it could lead to what is not the job's."""
    for path in folder.rglob("*"):
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            yield path
        elif not stat.S_ISDIR(mode):
            log.warning("%s is no plain file and is left out", path.name, extra={"action": "output_left_out"})
