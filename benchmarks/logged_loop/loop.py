"""A loop of training steps, in stretches with metrics and stretches without, in turns.

Metrics are logged within a stretch, not at its end: what is sent in the background takes its share of the steps that
follow. Between two stretches that may come to rest. Leaves in result.json the seconds of all stretches and calls, and
by how much each call and the steps behind it took longer than as many steps elsewhere in the same stretch.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
from mlflow.entities import Metric

from proteinlab.training.points import Lines

STEPS = 100
EVERY = 50
STEP_SECONDS = 0.015
REST_SECONDS = 0.5
BEHIND = 4
"""Steps in which what a call has left to the background still runs."""
NAMES = ("loss", "accuracy", "learning_rate")

Log = Callable[[str, int], None]


def main(pairs: int) -> None:
    lines = Lines(Path(os.environ["PROTEINX_METRICS_FILE"]))

    def engine(way: str, step: int) -> None:
        now = int(time.time() * 1000)
        lines.add([Metric(name, value, now, step) for name, value in _values(way, step).items()])

    def plain(way: str, step: int) -> None:
        mlflow.log_metrics(_values(way, step), step=step)

    def asynchronous(way: str, step: int) -> None:
        mlflow.log_metrics(_values(way, step), step=step, synchronous=False)

    train = _work()
    with mlflow.start_run():
        measured = {log.__name__: _pairs(train, log, pairs) for log in (engine, plain, asynchronous)}
        mlflow.flush_async_logging()
    (Path(os.environ["PROTEINX_OUTPUT_DIR"]) / "result.json").write_text(json.dumps(measured))


def _pairs(train: Callable[[], None], log: Log, pairs: int) -> dict[str, Any]:
    """Step numbers go on, so that each point is one of its own."""
    calls: list[float] = []
    extra: list[float] = []
    seconds: list[tuple[float, float]] = []
    _stretch(train, log, 0)  # connections and threads are made by the first
    for pair in range(1, pairs + 1):
        took = {}
        for logged in (True, False) if pair % 2 else (False, True):
            steps, called = _stretch(train, log if logged else None, pair)
            took[logged] = sum(steps) + sum(called.values())
            calls += called.values()
            extra += _extra(steps, called)
        seconds.append((took[True], took[False]))
    return {"pairs": seconds, "calls": calls, "extra": extra, "points": (pairs + 1) * STEPS // EVERY}


def _stretch(train: Callable[[], None], log: Log | None, number: int) -> tuple[list[float], dict[int, float]]:
    """Seconds of each step, and of each call by the number of the step before it."""
    steps: list[float] = []
    calls: dict[int, float] = {}
    for step in range(STEPS):
        began = time.perf_counter()
        train()
        ended = time.perf_counter()
        steps.append(ended - began)
        if log is not None and step % EVERY == EVERY // 2:
            log(log.__name__, number * STEPS + step)
            calls[step] = time.perf_counter() - ended
    time.sleep(REST_SECONDS)
    return steps, calls


def _extra(steps: list[float], calls: dict[int, float]) -> list[float]:
    """Sums are compared with sums: under a neighbour's load a sum of four is more than four medians."""
    behind = [range(at + 1, at + 1 + BEHIND) for at in calls]
    taken = {step for steps_behind in behind for step in steps_behind}
    spans = [range(start, start + BEHIND) for start in range(STEPS - BEHIND + 1)]
    usual = statistics.median(sum(steps[step] for step in span) for span in spans if not taken & set(span))
    return [took + sum(steps[step] for step in span) - usual for took, span in zip(calls.values(), behind, strict=True)]


def _values(way: str, step: int) -> dict[str, float]:
    return {f"{way}_{name}": step / 7 for name in NAMES}


def _work() -> Callable[[], None]:
    """A step of fixed work that takes STEP_SECONDS on this machine."""
    matrix = np.random.default_rng(0).random((256, 256), dtype=np.float32)

    def train(times: int) -> None:
        for _ in range(times):
            np.matmul(matrix, matrix)

    train(50)
    began = time.perf_counter()
    train(200)
    times = max(round(STEP_SECONDS / ((time.perf_counter() - began) / 200)), 1)
    return lambda: train(times)


if __name__ == "__main__":
    main(int(float(sys.argv[1])))
