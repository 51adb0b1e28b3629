"""A stub master, and agents as real processes with tiny intervals."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.worker.stub import StubMaster, until
from worker import processes
from worker.layout import AttemptDir

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def master(tmp_path: Path) -> Iterator[StubMaster]:
    folder = tmp_path / "master"
    folder.mkdir()
    stub = StubMaster(folder)
    stub.start()
    yield stub
    stub.stop()


class AgentProcess:
    """An agent on its own state folder, with everything that it starts."""

    def __init__(self, master: StubMaster, state: Path) -> None:
        self.master = master
        self.state = state
        self.log = state.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None
        self.environment: dict[str, str] = {}

    def start(self, *arguments: str) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
            "MASTER_URL": self.master.url,
            "PROTEINX_TOKEN": "px_w_join_secret",
            "PROTEINX_WORKER_STATE_DIR": str(self.state),
            "PROTEINX_WORKER_BACKOFF_BASE": "0.05",
            "PROTEINX_WORKER_BACKOFF_CAP": "0.3",
            "PROTEINX_WORKER_CHECKPOINT_INTERVAL": "0.05",
            "PROTEINX_WORKER_CHECKPOINT_REST": "0",
            "PROTEINX_WORKER_WARM_START": "false",
            **self.environment,
        }
        environment.pop("REDIS_URL", None)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "worker.agent", "--name", "test-node", *arguments],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def terminate(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def attempt(self) -> AttemptDir:
        """The only one there is."""
        found = until(lambda: [AttemptDir(path) for path in (self.state / "attempts").glob("*.*.*")])
        return found[0]

    def supervisor(self) -> dict[str, Any]:
        """What the attempt's state file says, once its job runs."""
        state = self.attempt().state
        until(lambda: state.exists() and json.loads(state.read_text()).get("child"))
        found: dict[str, Any] = json.loads(state.read_text())
        return found

    def empty(self) -> bool:
        return not list((self.state / "attempts").iterdir())

    def close(self) -> None:
        """Ends whatever is left, supervisors and jobs included."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        prefix = str(self.state)
        for process in psutil.process_iter():
            try:
                ours = any(prefix in argument for argument in process.cmdline()) or process.environ().get(
                    "HOME", ""
                ).startswith(prefix)
                if ours and process.pid != os.getpid():
                    os.kill(process.pid, signal.SIGKILL)
            except (psutil.Error, ProcessLookupError, PermissionError):
                continue


@pytest.fixture
def agent(master: StubMaster, tmp_path: Path) -> Iterator[AgentProcess]:
    process = AgentProcess(master, tmp_path / "state")
    yield process
    process.close()
    if process.log.exists():
        print(process.log.read_text()[-6000:])
    for diary in (tmp_path / "state" / "attempts").glob("*/control/supervisor.log"):
        print(diary, diary.read_text()[-6000:])


def alive(pid: int) -> bool:
    process = processes.look(pid)
    return process is not None and process.state not in "ZX"
