"""What logging metrics costs the training: stretches of one loop with it and without it, in turns, in one job.

A machine that others use too makes one stretch some percent longer than the next. So the cost is judged by what each
call and the steps right behind it take more than steps elsewhere in the same second; the stretches' ratio is beside.

Three ways: the training engine's (a file that the worker sends on), `mlflow.log_metrics` as people write it, and
MLflow's own asynchronous logging. Nothing may be lost in any.
"""

import statistics
from typing import Any, Final

from benchmarks import projects
from benchmarks.figures import Figure
from proteinx.contracts.jobs import GIB, JobCreate, Resources
from tests.integration.harness import Lab

PAIRS: Final = 20
TARGET: Final = 1.01
STRETCH_SECONDS: Final = 50 * 0.015
"""From one call to the next."""
WAYS: Final = {
    "engine": "the engine's way",
    "plain": "mlflow.log_metrics",
    "asynchronous": "mlflow.log_metrics(synchronous=False)",
}


def measure(lab: Lab) -> list[Figure]:
    projects.send(lab, "logged_loop")
    worker = lab.agent()
    request = JobCreate(
        project="logged_loop", parameters={"pairs": str(PAIRS)}, resources=Resources(cpus=1, memory=GIB)
    )
    job = lab.member.jobs.create(request).id
    for _ in lab.member.follow(job):  # waits; asking again and again would take the job's own cores
        pass
    lab.wait(job, seconds=60)
    measured: dict[str, dict[str, Any]] = lab.result(job)
    for way, found in measured.items():
        _require_all(lab, job, way, found["points"])
    lab.remove(worker)
    return [_figure(way, found) for way, found in measured.items()]


def _require_all(lab: Lab, job: str, way: str, points: int) -> None:
    """A cost without the points would be no figure."""
    arrived = len({point.step for point in lab.member.runs.history(job, f"{way}_loss")})
    if arrived != points:
        raise RuntimeError(f"{arrived} of {points} points arrived by {WAYS[way]}")


def _figure(way: str, found: dict[str, Any]) -> Figure:
    ratios = [logged / bare for logged, bare in found["pairs"]]
    low, median, high = statistics.quantiles(ratios, n=4)
    call = statistics.median(found["calls"]) * 1000
    cheap, cost, dear = (1 + extra / STRETCH_SECONDS for extra in statistics.quantiles(found["extra"], n=4))
    return Figure(
        f"metrics each 50th step of 15 ms, {WAYS[way]}: median of {len(found['extra'])}",
        f"{cost:.4f} (quartiles {cheap:.4f}, {dear:.4f}); a call {call:.2f} ms",
        f"{len(ratios)} pairs of stretches with and without: {median:.3f} ({low:.3f}, {high:.3f})",
        f"at most {TARGET}",
        cost <= TARGET,
    )
