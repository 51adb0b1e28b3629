"""`mlflow.projects.run(backend="proteinx")` of a project of 1,000 files that the master has seen, in a notebook's own
light environment, beside MLflow's own local backend starting the same project.
"""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, percentile, seconds
from tests import light
from tests.integration.harness import Lab
from tests.integration.processes import clean_environment

FILES: Final = 1000
ROUNDS: Final = 10
TARGET: Final = 1.0
_CALLS: Final = """
import json, sys, time
import mlflow.projects

backend, rounds = sys.argv[1], int(sys.argv[2])
wishes = {"cpus": 1, "memory": "128M"} if backend == "proteinx" else {}
took = []
for number in range(rounds + 1):  # the first sends the code; local and asynchronous, MLflow needs its command
    began = time.perf_counter()
    run = mlflow.projects.run(
        "project", parameters={"number": number}, backend=backend, backend_config=wishes, env_manager="local",
        synchronous=backend == "local",
    )
    took.append(time.perf_counter() - began)
    if backend == "proteinx":
        run.cancel()
print(json.dumps(took[1:]))
"""


def measure(lab: Lab) -> list[Figure]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _project(folder / "project")
        python = light.make(folder)
        credentials = {"url": lab.master.url, "token": lab.member_token}
        (folder / "credentials.json").write_text(json.dumps(credentials))
        platform = _calls(python, folder, "proteinx")
        local = _calls(python, folder, "local", MLFLOW_TRACKING_URI=lab.member.mlflow_url)
    slow = percentile(platform, 90)
    return [
        Figure(
            f"mlflow.projects.run of {FILES:,} known files, 90th percentile of {ROUNDS}",
            f"{slow:.2f} s, median {seconds(platform)}",
            f"backend local {seconds(local)}",
            f"under {TARGET:g} s",
            slow < TARGET,
        )
    ]


def _project(folder: Path) -> None:
    (folder / "lib").mkdir(parents=True)
    (folder / "MLproject").write_text(
        "name: thousand\nentry_points:\n  main:\n    parameters: {number: {type: float, default: 0}}\n"
        '    command: "true {number}"\n'
    )
    for number in range(FILES - 1):
        (folder / "lib" / f"module_{number:04d}.py").write_text(f"VALUE = {number}\n" * 50)


def _calls(python: Path, folder: Path, backend: str, **environment: str) -> list[float]:
    clean = clean_environment(PROTEINX_CONFIG_DIR=str(folder), HOME=str(folder), **environment)
    del clean["PYTHONPATH"]
    done = subprocess.run(
        [str(python), "-c", _CALLS, backend, str(ROUNDS)],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    took: list[float] = json.loads(done.stdout.splitlines()[-1])
    return took
