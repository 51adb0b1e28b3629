"""Where everything of a worker lies on disk. Standard library only: the supervisor starts with it.

<state>/node.json            the node's token (0600)         <state>/agent.lock   one agent for one state folder
<state>/cache/               snapshots and blobs, by content
<state>/heard                when the master last answered
<state>/attempts/<job>.<attempt>.<rank>/
    control/                 the platform's: spec, state, log, spool, outcome; a job can't read it
    inputs/  resume/         given to the job, read-only
    work/                    the job's own: code, outputs, checkpoints, tmp, home
"""

import fcntl
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_OVER: Final = ".over-"


@dataclass(frozen=True, slots=True)
class AttemptKey:
    job_id: str
    attempt: int
    rank: int

    def __str__(self) -> str:
        return f"{self.job_id}.{self.attempt}.{self.rank}"

    @classmethod
    def parse(cls, text: str) -> "AttemptKey":
        """Raises ValueError for a name that is no attempt's."""
        job_id, attempt, rank = text.split(".")
        return cls(job_id, int(attempt), int(rank))


@dataclass(frozen=True, slots=True)
class StateDir:
    root: Path

    @property
    def node(self) -> Path:
        return self.root / "node.json"

    @property
    def lock(self) -> Path:
        return self.root / "agent.lock"

    @property
    def heard(self) -> Path:
        """When the master last answered."""
        return self.root / "heard"

    @property
    def attempts(self) -> Path:
        return self.root / "attempts"

    def attempt(self, key: AttemptKey) -> "AttemptDir":
        return AttemptDir(self.attempts / str(key))

    def known(self) -> list["AttemptDir"]:
        """The attempts that this worker still has something of."""
        return [AttemptDir(path) for path in sorted(self.attempts.iterdir()) if not path.name.startswith(".")]

    def sweep(self) -> None:
        """Removes what was thrown away but not removed to the end."""
        for path in self.attempts.glob(f"{_OVER}*"):
            shutil.rmtree(path, ignore_errors=True)  # its own supervisor may be at it too

    def create(self) -> None:
        for path in (self.root, self.attempts):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)


@dataclass(frozen=True, slots=True)
class AttemptDir:
    root: Path

    @property
    def key(self) -> AttemptKey:
        return AttemptKey.parse(self.root.name)

    @property
    def home_of_all(self) -> StateDir:
        return StateDir(self.root.parent.parent)

    @property
    def control(self) -> Path:
        return self.root / "control"

    @property
    def assignment(self) -> Path:
        """Why this folder is there: written before anything else, so that a restarted agent can start over."""
        return self.control / "assignment.json"

    @property
    def spec(self) -> Path:
        return self.control / "spec.json"

    @property
    def launch(self) -> Path:
        return self.control / "launch.json"

    @property
    def state(self) -> Path:
        return self.control / "state.json"

    @property
    def order(self) -> Path:
        """What the agent wants of the supervisor: cancel, kill or preempt."""
        return self.control / "order.json"

    @property
    def outcome(self) -> Path:
        """How it ended, on disk before the master hears of it."""
        return self.control / "outcome.json"

    @property
    def log(self) -> Path:
        return self.control / "output.log"

    @property
    def spool(self) -> Path:
        return self.control / "metrics.spool"

    @property
    def lock(self) -> Path:
        """Held by the supervisor for as long as it lives."""
        return self.control / "lock"

    @property
    def diary(self) -> Path:
        """The supervisor's own messages."""
        return self.control / "supervisor.log"

    @property
    def inputs(self) -> Path:
        return self.root / "inputs"

    @property
    def resume(self) -> Path:
        return self.root / "resume"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def code(self) -> Path:
        return self.work / "code"

    @property
    def outputs(self) -> Path:
        return self.work / "outputs"

    @property
    def checkpoints(self) -> Path:
        return self.work / "checkpoints"

    @property
    def metrics(self) -> Path:
        """Where a job may write metrics instead of calling MLflow."""
        return self.work / "metrics.jsonl"

    @property
    def temporary(self) -> Path:
        return self.work / "tmp"

    @property
    def home(self) -> Path:
        return self.work / "home"

    def create(self) -> None:
        for path in (self.root, self.control, self.inputs, self.work):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def discard(self) -> None:
        """Gone at once, by rename; the removal may take its time. Agent and supervisor may both do it."""
        away = self.root.with_name(f"{_OVER}{self.root.name}")
        try:
            self.root.rename(away)
        except FileNotFoundError:
            return
        shutil.rmtree(away)

    def supervised(self) -> bool:
        """Whether a living supervisor holds the lock."""
        try:
            lock = take_lock(self.lock)
        except FileNotFoundError:
            return False  # discarded at this moment
        if lock is None:
            return True
        os.close(lock)
        return False


def take_lock(path: Path) -> int | None:
    """An open descriptor that holds the lock until it is closed, by the kernel if need be; None if another has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def write_json(path: Path, value: Any, *, durable: bool = True) -> None:
    """Whole or not at all, readable by the owner only; `durable` also outlives a power cut."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(value, file)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    os.replace(temporary, path)  # noqa: PTH105  no Path object is worth making here


def read_json(path: Path) -> Any:
    """None if the file is not there."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
