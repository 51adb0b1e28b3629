"""Memory at rest of the master's processes and of an idle agent's, beside a bare `mlflow server`.

Proportional set size where the kernel tells it, since forked processes share pages; resident size is its upper bound.
"""

import os
import subprocess
import sys
import time
from typing import Final

import httpx
import psutil

from benchmarks.figures import Figure
from tests.integration.harness import Lab
from tests.integration.processes import clean_environment
from tests.ports import free_port
from tests.waiting import until

MASTER_TARGET: Final = 1024
AGENT_TARGET: Final = 150
REST_SECONDS: Final = 10


def measure(lab: Lab) -> list[Figure]:
    worker = lab.agent()
    until(lambda: lab.listening(worker), 30, "the worker's consumer listens")
    time.sleep(REST_SECONDS)  # what is measured is rest, so it is given some
    master, agent = _resident(lab.master.pid), _resident(worker.pid)
    lab.remove(worker)
    beside = f"mlflow server, as it comes: {_bare_mlflow(lab)} MB"
    return [
        Figure("master, all processes, resident", f"{master} MB", beside, f"under {MASTER_TARGET} MB", master < 1024),
        Figure("idle agent, all processes, resident", f"{agent} MB", "", f"under {AGENT_TARGET} MB", agent < 150),
    ]


def _resident(pid: int) -> int:
    root = psutil.Process(pid)
    return sum(process.memory_info().rss for process in (root, *root.children(recursive=True))) // 2**20


def _bare_mlflow(lab: Lab) -> int:
    port = free_port()
    store = f"sqlite:///{lab.folder / 'bare.db'}"
    server = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--backend-store-uri", store],
        env=clean_environment(),
        cwd=lab.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until(lambda: _answers(port), 120, "a bare mlflow server is up")
        time.sleep(REST_SECONDS)
        return _resident(server.pid)
    finally:
        os.killpg(server.pid, 15)
        server.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).is_success
    except httpx.TransportError:
        return False
