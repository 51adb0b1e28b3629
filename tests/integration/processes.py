"""Processes that a test starts, pauses and kills, with their logs for when it fails."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil

from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]


def clean_environment(**changes: str) -> dict[str, str]:
    """This process's without anything that would point at another ProteinX or MLflow."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PROTEINX_", "MLFLOW_", "MASTER_URL", "REDIS_URL"))
    }
    paths = os.pathsep.join(str(ROOT / name) for name in ("src", "platform", "."))
    return {**kept, "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1", **changes}


class Child:
    """One process of ours, in a session of its own."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.log = log
        self.within: list[str] = []
        """A command that runs another one, such as `ip netns exec NAME`."""
        self._process: subprocess.Popen[bytes] | None = None

    def spawn(self, arguments: list[str], environment: Mapping[str, str]) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*self.within, sys.executable, *arguments],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def pause(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def pause_tree(self) -> None:
        for process in self._tree():
            process.suspend()

    def resume_tree(self) -> None:
        for process in self._tree():
            process.resume()

    def _tree(self) -> list[psutil.Process]:
        root = psutil.Process(self.pid)
        return [root, *root.children(recursive=True)]

    def wait(self, seconds: float = 60.0) -> int:
        assert self._process is not None
        return self._process.wait(seconds)

    def kill(self) -> None:
        """SIGKILL to this process alone; what it had started lives on."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def terminate(self, seconds: float = 60.0) -> int:
        """SIGTERM; the exit code. KILL and a failure if it does not end in time."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError(f"{self.name} did not end {seconds:g} s after SIGTERM") from None

    def tail(self, lines: int = 60) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return f"--- {self.name}: {self.log}\n" + "\n".join(text.splitlines()[-lines:])


def processes_of(folder: Path) -> list[psutil.Process]:
    """All that carry `folder`, which belongs to one test, in their command line or environment, and their children."""
    found: dict[int, psutil.Process] = {}
    mine = os.getpid()
    named = re.compile(re.escape(str(folder)) + r"(?![\w-])")  # w1 is not w10
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), *process.environ().values()]
            if process.pid != mine and any(named.search(word) for word in words):
                found |= {one.pid: one for one in (process, *process.children(recursive=True))}
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return list(found.values())


def kill_all(folder: Path) -> None:
    """SIGKILL to everything of `folder`, again until nothing is left."""

    def gone() -> bool:
        left = processes_of(folder)
        for process in left:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        _, alive = psutil.wait_procs(left, timeout=1)
        return not left and not alive

    until(gone, 60, f"all processes of {folder} are dead")
