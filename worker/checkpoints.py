"""Commits a job's checkpoints to the master as they come.

A job writes the files first and then `<anything>.manifest.json` by rename: the manifest is its promise that the files
are whole. A checkpoint that was overtaken before we got to it is left out, unless it is the best one.
"""

import json
import logging
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Final

from proteinx.client.agent import AttemptClient
from proteinx.client.errors import ApiError, TransferError
from proteinx.contracts.jobs import CheckpointCommit
from proteinx.contracts.uploads import FileRef
from worker.forwarder import Forwarder
from worker.insist import Fenced, Insistence
from worker.job_files import pinned

SUFFIX: Final = ".manifest.json"
LONGEST_PAUSE: Final = 10.0
"""Seconds; so much more than the job's own interval may be repeated after a loss."""
log = logging.getLogger(__name__)


class BadManifest(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class Manifest:
    path: Path
    stamp: tuple[int, int]
    content: dict[str, Any]

    @property
    def step(self) -> int:
        return int(self.content["step"])

    @property
    def best(self) -> bool:
        return bool(self.content.get("best", False))

    @property
    def files(self) -> list[Path]:
        return [self.path.parent / name for name in self.content["files"]]

    def is_current(self) -> bool:
        """Whether no newer one took its place, and its files are the ones it spoke of."""
        try:
            return _stamp(self.path) == self.stamp and all(
                file.stat().st_mtime_ns <= self.stamp[0] for file in self.files
            )
        except FileNotFoundError:
            return False


class CheckpointWatcher(threading.Thread):
    def __init__(
        self,
        folder: Path,
        client: AttemptClient,
        forwarder: Forwarder,
        insist: Insistence,
        *,
        interval: float,
        rest: float,
    ) -> None:
        """`rest`: the pause after sending, in times of what sending took."""
        super().__init__(name="checkpoints", daemon=True)
        self._folder = folder
        self._client = client
        self._forwarder = forwarder
        self._insist = insist
        self._interval = interval
        self._rest = rest
        self._seen: dict[Path, tuple[int, int]] = {}
        self._final = threading.Event()

    def drain(self) -> None:
        """Returns when what the job left is committed."""
        self._final.set()
        self.join()

    def run(self) -> None:
        pause = self._interval
        try:
            while not self._final.wait(pause) and not self._insist.fenced.is_set():
                started = time.monotonic()
                self._commit_new()
                pause = self._pause_after(time.monotonic() - started)
            self._commit_new()
        except Fenced:
            return

    def _pause_after(self, took: float) -> float:
        """Sending takes processor and disk from training, so a job that saves all the time is sent only part of it."""
        return max(self._interval, min(took * self._rest, LONGEST_PAUSE))

    def _commit_new(self) -> None:
        for manifest in _worth_sending(self._new()):
            try:
                self._commit(manifest)
            except (ApiError, TransferError, OSError) as error:
                log.warning(
                    "checkpoint %s is not kept: %s", manifest.step, error, extra={"action": "checkpoint_refused"}
                )

    def _new(self) -> list[Manifest]:
        found = []
        for path in sorted(self._folder.glob(f"**/*{SUFFIX}")):
            try:
                stamp = _stamp(path)
                if self._seen.get(path) == stamp:
                    continue
                manifest = Manifest(path, stamp, _read(self._folder, path.relative_to(self._folder).as_posix()))
            except FileNotFoundError:
                continue  # replaced while we looked; its successor is found next time
            except (BadManifest, OSError) as error:
                log.warning("%s: %s", path.name, error, extra={"action": "bad_manifest"})
                self._seen[path] = stamp
                continue
            if manifest.is_current():
                self._seen[path] = stamp
                found.append(manifest)
        return found

    def _commit(self, manifest: Manifest) -> None:
        """Metrics first: a resumed attempt goes on where both agree."""
        self._forwarder.flush()
        files = [self._insist(partial(self._upload, manifest, name), name) for name in manifest.content["files"]]
        if not manifest.is_current():
            log.info("checkpoint %s was overtaken", manifest.step, extra={"action": "checkpoint_overtaken"})
            return
        commit = CheckpointCommit(step=manifest.step, manifest=manifest.content, files=files, best=manifest.best)
        self._insist(lambda: self._client.commit_checkpoint(commit), "checkpoint")
        log.info("checkpoint %s is kept", manifest.step, extra={"action": "checkpoint_committed"})

    def _upload(self, manifest: Manifest, name: str) -> FileRef:
        with pinned(manifest.path.parent, name) as path:
            return self._client.upload(path, name)


def _worth_sending(manifests: list[Manifest]) -> list[Manifest]:
    """The newest, and the newest that is the best so far; in order of their steps."""
    ordered = sorted(manifests, key=lambda manifest: manifest.step)
    chosen = ordered[-1:]
    best = [manifest for manifest in ordered if manifest.best][-1:]
    return best + chosen if best and best != chosen else chosen


def _read(folder: Path, manifest: str) -> dict[str, Any]:
    """Raises BadManifest, FileNotFoundError."""
    try:
        with pinned(folder, manifest) as path:
            content = json.loads(path.read_bytes())
    except ValueError as error:
        raise BadManifest(f"is no JSON ({error}); write it to another name and rename it") from error
    if not isinstance(content, dict) or not isinstance(content.get("step"), int) or content["step"] < 0:
        raise BadManifest("needs a whole number `step`")
    files = content.get("files")
    if not isinstance(files, list) or not files or not all(isinstance(name, str) for name in files):
        raise BadManifest("needs `files`, a list of names")
    for name in files:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise BadManifest(f"names {name!r}, which is not in its own folder")
    return content


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_ino
