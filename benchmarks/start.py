"""Submit -> first line of training code on an idle worker, beside `python train.py` and `mlflow run` by hand."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from benchmarks import projects
from benchmarks.figures import Figure, percentile, seconds
from tests.integration.harness import Lab
from tests.integration.processes import clean_environment
from tests.waiting import until

ROUNDS: Final = 10
TARGET: Final = 1.0
_SAID: Final = re.compile(r"first line at ([\d.]+)")


def measure(lab: Lab) -> list[Figure]:
    projects.send(lab, "first_line")
    worker = lab.agent()
    until(lambda: lab.listening(worker), 30, "the worker's consumer listens")
    _platform(lab, "warm-up")
    platform, plain, mlflow = [], [], []
    for number in range(ROUNDS):  # in turns, so that a slow minute of the machine is everybody's
        platform.append(_platform(lab, str(number)))
        plain.append(_by_hand([sys.executable, "train.py"]))
        mlflow.append(_by_hand([sys.executable, "-m", "mlflow", "run", ".", "--env-manager", "local"], lab.folder))
    lab.remove(worker)
    added = percentile(platform, 50) - percentile(plain, 50)
    return [
        Figure(
            f"submit to first line, median of {ROUNDS}",
            seconds(platform),
            f"python train.py {seconds(plain)}; mlflow run {seconds(mlflow)}",
            f"adds at most {TARGET:g} s",
            added <= TARGET,
        )
    ]


def _platform(lab: Lab, label: str) -> float:
    """Another override each time: no answer of the config check can come from a cache."""
    started = time.time()
    job = projects.submit(lab, "first_line", f"lr=0.{1 + abs(hash((label, started))) % 10**6}")
    lab.wait(job)
    return _first_line(lab.log(job)) - started


def _by_hand(command: list[str], store: Path | None = None) -> float:
    environment = clean_environment(PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if store is not None:
        environment["MLFLOW_TRACKING_URI"] = f"sqlite:///{store / 'by-hand.db'}"
    folder = projects.HERE / "first_line"
    started = time.time()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return _first_line(done.stdout + done.stderr) - started


def _first_line(log: str) -> float:
    found = _SAID.search(log)
    if found is None:
        raise RuntimeError(f"no first line in: {log}")
    return float(found.group(1))
