"""The worker's agent on this machine, in the background."""

import contextlib
import json
import os
import signal
import socket
from pathlib import Path
from typing import Final

import psutil

from proteinx.cli.exits import CommandError
from proteinx.cli.processes import Processes, Record, environment, last_lines, python, wait_until_up

NAME: Final = "worker"
JOIN_SECONDS: Final = 60.0


class Agent:
    """State, cache and node token lie in `<home>/worker`."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        self.home = home
        self.processes = Processes(home)

    @property
    def state(self) -> Path:
        return self.home / "worker"

    @property
    def node_file(self) -> Path:
        """Where the agent keeps what it got on joining."""
        return self.state / "node.json"

    def joined(self) -> bool:
        return self.node_file.exists()

    def running(self) -> Record | None:
        return self.processes.find(NAME)

    def command(self, url: str, name: str | None = None, labels: list[str] | None = None) -> list[str]:
        command = python("-m", "worker.agent", "--master", url, "--state-dir", str(self.state))
        if name:
            command += ["--name", name]
        for label in labels or []:
            command += ["--label", label]
        return command

    def start(
        self,
        url: str,
        join_token: str | None,
        *,
        name: str | None = None,
        labels: list[str] | None = None,
        private: list[Path] | None = None,
    ) -> Record:
        """Returns when the agent has joined. `private` are folders that jobs must not read."""
        self.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        record = self.processes.start(
            NAME,
            self.command(url, name, labels),
            cwd=self.root,
            env=self.environment(join_token, private),
            facts={"url": url, "name": name or socket.gethostname()},
        )
        wait_until_up(record, self.joined, JOIN_SECONDS)
        return record

    def environment(self, join_token: str | None, private: list[Path] | None = None) -> dict[str, str]:
        paths = json.dumps([str(path) for path in private]) if private else None
        return environment(
            PROTEINX_TOKEN=join_token,
            PROTEINX_WORKER_PRIVATE_PATHS=paths or os.environ.get("PROTEINX_WORKER_PRIVATE_PATHS"),
            MASTER_URL=None,
            PYTHONPATH=os.pathsep.join(filter(None, (str(self.root / "src"), os.environ.get("PYTHONPATH")))),
        )

    def stop(self, *, stop_jobs: bool) -> bool:
        """Whether it ran. Without `stop_jobs` the jobs' supervisors go on, and the next agent adopts them."""
        record = self.running()
        process = record.process() if record else None
        if record is not None and process is not None:
            process.send_signal(signal.SIGUSR1 if stop_jobs else signal.SIGTERM)
            try:
                process.wait(90 if stop_jobs else 20)
            except psutil.TimeoutExpired:
                raise CommandError(f"The agent does not stop.\n{last_lines(record)}") from None
            self.processes.stop(NAME, grace=1, with_children=False)
        if stop_jobs:
            self._end_supervisors()
        return record is not None

    def _end_supervisors(self) -> None:
        """Those that could not end by themselves, such as one whose master is gone: their jobs start again."""
        attempts = str(self.state / "attempts")
        for process in psutil.process_iter(["cmdline"]):
            command = " ".join(process.info["cmdline"] or [])
            if f"worker.supervisor {attempts}{os.sep}" in command:
                for one in (*process.children(recursive=True), process):
                    with contextlib.suppress(psutil.NoSuchProcess):  # it ended by itself in between
                        one.kill()
