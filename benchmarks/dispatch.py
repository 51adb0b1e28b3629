"""Submit -> first line, submit -> first optimiser step, and no-op jobs a minute; beside bare Celery, `mlflow run` in a
loop, and Ray Jobs."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx
import psutil

from benchmarks import projects
from benchmarks.beside import celery_tasks, mlflow_loop, ray_jobs
from benchmarks.figures import Figure, percentile, seconds
from proteinx.contracts.jobs import GIB, JobCreate, Resources
from proteinx.contracts.states import JobState
from tests.integration.harness import Agent, Lab
from tests.waiting import until

ROUNDS: Final = 15
JOBS: Final = 300
SENDERS: Final = 4
FIRST_LINE: Final = 0.25
FIRST_STEP: Final = 0.5
A_MINUTE: Final = 600.0
_SMALL: Final = Resources(cpus=0.25, memory=GIB // 32)
_LINE: Final = re.compile(r"first line at ([\d.]+)")
_STEP: Final = re.compile(r"first step at ([\d.]+)")


def measure(lab: Lab) -> list[Figure]:
    for name in ("first_step", "no_op"):
        projects.send(lab, name)
    worker = lab.agent(PROTEINX_WORKER_WARM_START="true")
    until(lambda: lab.listening(worker), 30, "the worker's consumer listens")
    until(lambda: worker.tail().count("is ready after") == 2, 120, "the launchers are ready")
    lines, steps = _latencies(lab)
    rate = _throughput(lab)
    memory = _memory(worker)
    lab.remove(worker)
    ray = ray_jobs.measure(projects.HERE / "no_op")
    celery = celery_tasks.measure(projects.HERE / "no_op", lab.master.redis_url())
    loop = mlflow_loop.measure(projects.HERE / "no_op", lab.folder)
    beside = f"bare Celery {celery}; mlflow run in a loop {loop}; Ray Jobs {ray}"
    line, step = percentile(lines, 50), percentile(steps, 50)
    return [
        Figure(
            f"submit to first line, median of {ROUNDS}",
            seconds(lines),
            f"Ray Jobs {ray.latency}; mlflow run {loop.latency}",
            f"at most {FIRST_LINE:g} s",
            line <= FIRST_LINE,
        ),
        Figure(
            f"submit to first optimiser step, median of {ROUNDS}",
            seconds(steps),
            "",
            f"at most {FIRST_STEP:g} s",
            step <= FIRST_STEP,
        ),
        Figure(
            f"no-op jobs a minute, {JOBS} of them",
            f"{rate:.0f}",
            beside,
            f"at least {A_MINUTE:g}",
            rate >= A_MINUTE,
        ),
        Figure("launchers, memory that is theirs (PSS)", memory),
    ]


def _latencies(lab: Lab) -> tuple[list[float], list[float]]:
    lines, steps = [], []
    for number in range(ROUNDS + 2):
        began = time.time()
        job = projects.submit(lab, "first_step", f"lr=0.{1 + int(began * 1000) % 10**6}")  # no config from a cache
        lab.wait(job)
        log = lab.log(job)
        if number >= 2:
            lines.append(_said(_LINE, log) - began)
            steps.append(_said(_STEP, log) - began)
        time.sleep(0.5)  # an idle worker, and an idle master
    return lines, steps


def _throughput(lab: Lab) -> float:
    """From the first submission until the last job has its final state, its log and its closed MLflow run."""
    request = JobCreate(project="no_op", experiment=f"no-op-{time.time_ns()}", resources=_SMALL)
    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        jobs = [job.id for job in pool.map(lambda _: lab.member.jobs.create(request), range(JOBS))]
    experiment = lab.job(jobs[0]).experiment_id
    until(lambda: _closed(lab, experiment) >= set(jobs), 600, "all jobs have ended, their runs too", every=0.5)
    took = time.monotonic() - began
    for job in jobs:
        detail = lab.job(job)
        if detail.state is not JobState.SUCCEEDED or lab.log(job) != "done\n":
            raise RuntimeError(f"job {job} is {detail.state}: {detail.reason}")
    return JOBS / took * 60


def _closed(lab: Lab, experiment: str) -> set[str]:
    """Runs that MLflow has as finished: the last thing that happens to a job."""
    body = {"experiment_ids": [experiment], "filter": "attributes.status = 'FINISHED'", "max_results": 1000}
    reply = httpx.post(
        f"{lab.master.url}/mlflow/api/2.0/mlflow/runs/search",
        json=body,
        headers={"Authorization": f"Bearer {lab.member_token}"},
        timeout=60,
    )
    reply.raise_for_status()
    return {str(run["info"]["run_id"]) for run in reply.json().get("runs", [])}


def _memory(worker: Agent) -> str:
    found = {}
    for process in psutil.Process(worker.pid).children():
        line = " ".join(process.cmdline())
        if line.startswith("proteinx-launcher"):
            found["large" if "torch" in line else "small"] = process.memory_full_info().pss // 2**20
    return ", ".join(f"{kind} {size} MB" for kind, size in sorted(found.items()))


def _said(what: re.Pattern[str], log: str) -> float:
    found = what.search(log)
    if found is None:
        raise RuntimeError(f"it did not say what it should: {log}")
    return float(found.group(1))
