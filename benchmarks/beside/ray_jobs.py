"""Ray Jobs, from an environment of its own that is made for the purpose: its packages would not go with ours."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from benchmarks.beside.result import Result
from worker.environments.venv import find_uv

VERSION: Final = "2.60"
PYTHON: Final = "PROTEINX_BENCH_RAY"
"""Names a Python that has Ray already."""
_SCRIPT: Final = """
import json, sys, time
from ray.job_submission import JobStatus, JobSubmissionClient

for _ in range(300):  # until the dashboard answers
    try:
        client = JobSubmissionClient("http://127.0.0.1:8265")
        break
    except ConnectionError:
        time.sleep(0.2)
ends = {JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.STOPPED}

def wait(jobs):
    for job in jobs:
        while (status := client.get_job_status(job)) not in ends:
            time.sleep(0.01)
        assert status == JobStatus.SUCCEEDED, client.get_job_logs(job)

def submit():
    return client.submit_job(entrypoint=f"{sys.executable} main.py", entrypoint_num_cpus=0.25)

wait([submit()])
latencies = []
for _ in range(5):
    began = time.monotonic()
    wait([submit()])
    latencies.append(time.monotonic() - began)
began = time.monotonic()
wait([submit() for _ in range(40)])
print(json.dumps({"latencies": latencies, "a_minute": 40 / (time.monotonic() - began) * 60}))
"""


def measure(folder: Path) -> Result:
    with tempfile.TemporaryDirectory(prefix="ray-") as temporary:
        made = Path(temporary)
        try:
            python = os.environ.get(PYTHON) or _install(made / "venv")
        except (OSError, subprocess.CalledProcessError) as error:
            return Result(missing=f"ray[default] {VERSION} could not be installed ({error})")
        return _run(python, folder, made / "session")


def _install(venv: Path) -> str:
    uv = find_uv()
    making = [uv, "venv", "--quiet", str(venv)] if uv else [sys.executable, "-m", "venv", str(venv)]
    python = str(venv / "bin" / "python")
    pip = [uv, "pip", "install", "--quiet", "--python", python] if uv else [python, "-m", "pip", "install", "--quiet"]
    subprocess.run(making, check=True, capture_output=True)
    subprocess.run([*pip, f"ray[default]=={VERSION}.*"], check=True, capture_output=True, timeout=600)
    return python


def _run(python: str, folder: Path, session: Path) -> Result:
    environment = {
        **{name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ},
        "PATH": f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}",
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    start = [str(Path(python).with_name("ray")), "start", "--head", "--block", "--num-cpus=2"]
    nowhere = subprocess.DEVNULL
    head = subprocess.Popen(
        [*start, f"--temp-dir={session}"], env=environment, cwd=folder, stdin=nowhere, stdout=nowhere, stderr=nowhere
    )
    try:
        asked = subprocess.run(
            [python, "-c", _SCRIPT],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        return Result(**json.loads(asked.stdout.splitlines()[-1]))
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        return Result(missing=f"Ray {VERSION} did not run here ({type(error).__name__})")
    finally:
        _end(head)


def _end(head: "subprocess.Popen[bytes]") -> None:
    """`ray stop` would end everybody's Ray on this machine."""
    family = psutil.Process(head.pid).children(recursive=True)
    head.kill()
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    head.wait()
