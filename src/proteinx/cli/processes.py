"""Background processes of this machine's system, found again by pid and start time, never by name."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import psutil

from proteinx.cli.exits import CommandError

_LOG_LIMIT: Final = 20 * 1024 * 1024
_SAME_START: Final = 0.02
"""Seconds by which a start time may differ and still be the same process's."""


@dataclass(frozen=True, slots=True)
class Record:
    name: str
    pid: int
    created: float
    log: str
    facts: dict[str, str] = field(default_factory=dict)
    """What `px status` needs to know of it: its address, ..."""

    def process(self) -> psutil.Process | None:
        """None once it has ended, also when its pid belongs to another process by now."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < _SAME_START
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


class Processes:
    """Records in `<home>/run`, logs in `<home>/log`."""

    def __init__(self, home: Path) -> None:
        self._run = home / "run"
        self._logs = home / "log"

    def find(self, name: str) -> Record | None:
        """The record of a process that is alive."""
        try:
            record = Record(**json.loads(self._path(name).read_text()))
        except FileNotFoundError:
            return None
        return record if record.process() else None

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        facts: dict[str, str] | None = None,
    ) -> Record:
        """In a session of its own, so that it outlives this terminal."""
        for folder in (self._run, self._logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = self.log(name)
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            started = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        created = psutil.Process(started.pid).create_time()
        record = Record(name, started.pid, created, str(log), facts or {})
        part = self._path(name).with_suffix(".part")
        part.write_text(json.dumps(asdict(record)))
        part.replace(self._path(name))
        return record

    def stop(self, name: str, *, grace: float, with_children: bool, kill_signal: int = signal.SIGTERM) -> bool:
        """TERM, and KILL after `grace` seconds; whether it ran. Children left by a KILL end too, where asked for."""
        record = self.find(name)
        process = record.process() if record else None
        if process is None:
            self._path(name).unlink(missing_ok=True)
            return False
        children = process.children(recursive=True) if with_children else []
        process.send_signal(kill_signal)
        try:
            process.wait(grace)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(10)
        _end_left_over(children)
        self._path(name).unlink(missing_ok=True)
        return True

    def log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _path(self, name: str) -> Path:
        return self._run / f"{name}.json"


def wait_until_up(record: Record, is_up: Callable[[], bool], seconds: float) -> None:
    """Raises CommandError with the end of the log if the process ends, or is not up in time."""
    deadline = time.monotonic() + seconds
    while not is_up():
        if record.process() is None:
            raise CommandError(f"{record.name} ended right after its start.\n{last_lines(record)}")
        if time.monotonic() > deadline:
            raise CommandError(f"{record.name} is not up after {seconds:.0f} s.\n{last_lines(record)}")
        time.sleep(0.1)


def last_lines(record: Record, count: int = 15) -> str:
    text = Path(record.log).read_text(errors="replace") if Path(record.log).exists() else ""
    lines = "\n".join(f"  {line}" for line in text.splitlines()[-count:])
    return f"The end of {record.log}:\n{lines}"


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def environment(**changes: str | None) -> dict[str, str]:
    """This process's, with what is None taken out."""
    merged = {**os.environ, **changes}
    return {key: value for key, value in merged.items() if value is not None}


def _end_left_over(children: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(children, timeout=5)
    for child in alive:
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue  # it ended by itself in between
