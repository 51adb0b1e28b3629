"""`mlflow run` of the no-op, one after the other: each with its run, in MLflow's own SQLite store."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from benchmarks.beside.result import Result
from tests.integration.processes import clean_environment

RUNS: Final = 4


def measure(folder: Path, store: Path) -> Result:
    environment = clean_environment(PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    environment["MLFLOW_TRACKING_URI"] = f"sqlite:///{store / 'loop.db'}"
    command = [sys.executable, "-m", "mlflow", "run", ".", "--env-manager", "local"]
    latencies = []
    for number in range(RUNS + 1):  # the first makes the database
        began = time.monotonic()
        subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
        if number:
            latencies.append(time.monotonic() - began)
    return Result(latencies, 60 * RUNS / sum(latencies))
