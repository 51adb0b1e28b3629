"""Bare Celery: a worker whose task runs the script as a process, and that is all: no run, no log, no final state."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from celery import Celery

from benchmarks.beside.result import Result

QUEUE: Final = "bench-no-op"
TASKS: Final = 300
ROUNDS: Final = 10


def app_of(url: str) -> Celery:
    app = Celery("bench", broker=url, backend=url)
    app.conf.update(task_default_queue=QUEUE, task_serializer="json", accept_content=["json"])

    @app.task(name="bench.no_op")  # type: ignore[untyped-decorator]
    def no_op(folder: str) -> int:
        return subprocess.run([sys.executable, "main.py"], cwd=folder, stdout=subprocess.DEVNULL, check=True).returncode

    return app


def measure(folder: Path, url: str) -> Result:
    app = app_of(url)
    worker = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.beside.celery_tasks", url],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        task = app.tasks["bench.no_op"]
        task.delay(str(folder)).get(timeout=60)
        latencies = []
        for _ in range(ROUNDS):
            began = time.monotonic()
            task.delay(str(folder)).get(timeout=60)
            latencies.append(time.monotonic() - began)
        began = time.monotonic()
        results = [task.delay(str(folder)) for _ in range(TASKS)]
        for result in results:
            result.get(timeout=120)
        return Result(latencies, TASKS / (time.monotonic() - began) * 60)
    finally:
        worker.terminate()
        worker.wait(30)
        app.close()


if __name__ == "__main__":
    app_of(sys.argv[1]).Worker(concurrency=2, loglevel="ERROR", queues=[QUEUE]).start()
