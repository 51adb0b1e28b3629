"""Three sequences to a real model: by an endpoint that is warm, by one that starts, and as a predict job."""

import csv
import gzip
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure, percentile, seconds
from proteinx.client import prediction
from proteinx.contracts.jobs import GIB, JobCreate, Resources
from proteinx.contracts.serving import Predictions
from tests.integration.harness import Lab
from tests.waiting import until

MODEL: Final = "bench"
CALLS: Final = 200
ROUNDS: Final = 3
TARGET_MS: Final = 50.0
SETTINGS: Final = [
    *("experiment=gb1_demo", "trainer.max_epochs=2"),
    *("evaluation.replicates=200", "evaluation.figures=false"),
]
EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "gb1_flip" / "three_vs_rest.csv.gz"


def measure(lab: Lab) -> list[Figure]:
    worker = lab.agent(PROTEINX_WORKER_WARM_START="true")
    sequences = _train(lab)
    starts, jobs = [], []
    for _ in range(ROUNDS):
        found, took = _timed(lambda: lab.member.endpoints.ask(MODEL, sequences, patience=120))
        starts.append(took)
        _stop(lab, found)
        jobs.append(_timed(lambda: _by_job(lab, sequences))[1])
    lab.member.endpoints.ask(MODEL, sequences, patience=120)
    warm, platform = [], []
    for _ in range(CALLS):
        found, took = _timed(lambda: lab.member.endpoints.predict(f"{MODEL}@1", sequences))
        warm.append(took * 1000)
        platform.append(took * 1000 - found.model_milliseconds)
    _stop(lab, found)
    lab.remove(worker)
    return [
        Figure(
            f"warm prediction of 3 sequences, {CALLS} calls",
            f"{percentile(warm, 50):.0f} ms, p95 {percentile(warm, 95):.0f} ms",
            f"of these the platform's own: {percentile(platform, 50):.0f} ms, p95 {percentile(platform, 95):.0f} ms",
            f"the platform's own at most {TARGET_MS:g} ms",
            percentile(platform, 50) <= TARGET_MS,
        ),
        Figure(f"the first prediction, its endpoint started, median of {ROUNDS}", seconds(starts), "", "", None),
        Figure(f"the same as a predict job, median of {ROUNDS}", seconds(jobs), "", "", None),
    ]


def _train(lab: Lab) -> list[str]:
    """Registers a model of the example; some of its sequences."""
    version = lab.member.datasets.upload("gb1-bench", EXAMPLE)
    request = JobCreate(
        project="protein",
        inputs={"data": f"gb1-bench@{version.number}"},
        overrides=SETTINGS,
        resources=Resources(cpus=1, memory=2 * GIB),
        register_as=MODEL,
    )
    job = lab.wait(lab.member.jobs.create(request).id, seconds=600)
    until(lambda: lab.job(job.id).registered_version, 60, "the model is registered")
    with gzip.open(EXAMPLE, "rt") as stream:
        return [row["sequence"] for row, _ in zip(csv.DictReader(stream), range(3), strict=False)]


def _by_job(lab: Lab, sequences: list[str]) -> None:
    job = prediction.start(lab.member, f"models:/{MODEL}/1", sequences)
    lab.wait(job.id, seconds=300)
    prediction.fetch(lab.member, job.id)


def _stop(lab: Lab, found: Predictions) -> None:
    lab.member.endpoints.stop(found.job_id)
    until(lambda: not lab.member.endpoints.all(), 60, "the endpoint has ended")


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    found = call()
    return found, time.perf_counter() - started
