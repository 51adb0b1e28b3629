"""Owns one attempt's process tree: `python -m worker.supervisor <attempt folder>`.

It outlives the agent that started it. First it starts the job, with nothing but the standard library loaded; what it
needs to talk to the master is imported while the job's own imports run. Started once more after its predecessor died,
it ends what is left of the job and brings the attempt to its end.
"""

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from worker import cgroups, gpu_locks, launch, processes
from worker.layout import AttemptDir, read_json, take_lock, write_json

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGCHLD)


@dataclass(slots=True)
class Child:
    pid: int
    ticks: int
    cgroup: cgroups.Cgroup | None
    started: float
    """Monotonic."""
    how: str
    """`warm`, or `cold` with the reason where it could have been warm."""


class Warmth(Protocol):
    """What a supervisor has that is itself a fork of the launcher."""

    def fork_for(self, prepared: launch.Launch, environment: Mapping[str, str]) -> launch.Fork | str:
        """How to start the job by fork; or why it has to be started cold."""
        ...


def main(arguments: list[str], warmth: Warmth | None = None) -> int:
    attempt = AttemptDir(Path(arguments[0]))
    os.umask(0o077)
    processes.hide()
    processes.adopt_orphans()
    lock = take_lock(attempt.lock)
    if lock is None:
        return 0  # the agent started two; one is enough
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # kept until somebody waits for them
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted ones inherit it; else 40 ms a call
    child = None
    if not attempt.outcome.exists() and not _started_before(attempt):
        child = _start(attempt, listener.getsockname()[1], warmth)

    from worker.supervision import supervise  # heavy: only now, beside the job's own start

    supervise(attempt, child, listener)
    return 0


def _started_before(attempt: AttemptDir) -> bool:
    state = read_json(attempt.state)
    return state is not None and "supervisor" in state


def _start(attempt: AttemptDir, port: int, warmth: Warmth | None) -> Child | None:
    """None if the attempt ended here already, with its outcome written."""
    prepared = launch.Launch(**json.loads(attempt.launch.read_bytes()))
    problem = gpu_locks.take(prepared.gpu_uuids, shared=prepared.gpu_share)
    if problem is not None:
        write_json(attempt.outcome, {"outcome": "failed", "fault": "infra", "reason": problem, "exit_code": None})
        return None
    _note(attempt, prepared.cookie, None)
    cgroup = cgroups.make(f"{attempt.root.name}-{os.urandom(3).hex()}", prepared.memory)
    started = time.monotonic()
    relay = f"http://127.0.0.1:{port}"
    extra = {
        "MLFLOW_TRACKING_URI": relay,
        "PROTEINX_SERVING_URL": f"{relay}{launch.SERVING}",
        processes.COOKIE: prepared.cookie,
    }
    fork = _fork(prepared, extra, warmth)
    pid = launch.start(prepared, extra, attempt.log, cgroup, None if isinstance(fork, str) else fork)
    process = processes.look(pid)
    child = Child(pid, process.ticks if process else 0, cgroup, started, fork if isinstance(fork, str) else "warm")
    _note(attempt, prepared.cookie, child)
    return child


def _fork(prepared: launch.Launch, extra: Mapping[str, str], warmth: Warmth | None) -> launch.Fork | str:
    if warmth is None or not prepared.warm:
        return "cold"
    fork = warmth.fork_for(prepared, {**prepared.environment, **extra})
    return f"cold: {fork}" if isinstance(fork, str) else fork


def _note(attempt: AttemptDir, cookie: str, child: Child | None) -> None:
    """Who runs this attempt, for an agent that comes later."""
    own = processes.look(os.getpid())
    assert own is not None  # noqa: S101  this process is alive
    write_json(
        attempt.state,
        {
            "phase": "running",
            "boot_id": processes.boot_id(),
            "supervisor": {"pid": own.pid, "ticks": own.ticks},
            "child": {"pid": child.pid, "ticks": child.ticks} if child else None,
            "cgroup": str(child.cgroup.path) if child and child.cgroup else None,
            "cookie": cookie,
        },
        durable=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
