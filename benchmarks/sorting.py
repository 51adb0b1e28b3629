"""A list of ten thousand jobs by a metric, beside MLflow's own search of the same runs by the same metric."""

import json
import random
import sqlite3
import time
import uuid
from collections.abc import Callable
from typing import Any, Final

import httpx

from benchmarks import projects
from benchmarks.figures import Figure, percentile
from tests.integration.harness import Lab

JOBS: Final = 10_000
METRIC: Final = "val_score"
OTHERS: Final = 20
"""Other metrics of each job."""
TRIES: Final = 10
TARGET: Final = 0.5
SHOWN: Final = 50


def measure(lab: Lab) -> list[Figure]:
    projects.send(lab, "no_op")
    job = projects.submit(lab, "no_op")  # no worker: it waits, and is cancelled at once
    lab.member.jobs.cancel(job)
    experiment = lab.job(job).experiment_id
    values = _multiply(lab, job)
    expected = sorted(values, key=lambda one: values[one], reverse=True)[:SHOWN]
    ours, theirs = [], []
    for _ in range(TRIES):
        ours.append(_timed(lambda: _jobs(lab), expected))
        theirs.append(_timed(lambda: _runs(lab, experiment), expected))
    return [
        Figure(
            f"first {SHOWN} of {JOBS:,} jobs by a metric, median of {TRIES}",
            f"{percentile(ours, 50) * 1000:.0f} ms ({min(ours) * 1000:.0f} to {max(ours) * 1000:.0f})",
            f"MLflow's search of the same runs {percentile(theirs, 50) * 1000:.0f} ms",
            f"under {TARGET * 1000:.0f} ms",
            percentile(ours, 50) < TARGET,
        )
    ]


def _timed(ask: Callable[[], list[str]], expected: list[str]) -> float:
    began = time.perf_counter()
    found = ask()
    took = time.perf_counter() - began
    if found != expected:
        raise RuntimeError("the order is not that of the values")
    return took


def _jobs(lab: Lab) -> list[str]:
    query: dict[str, str | int] = {"metric": METRIC, "most_first": "true", "limit": SHOWN}
    return [job["id"] for job in _answer(lab, "GET", "/api/jobs", params=query)["items"]]


def _runs(lab: Lab, experiment: str) -> list[str]:
    body = {"experiment_ids": [experiment], "order_by": [f"metrics.{METRIC} DESC"], "max_results": SHOWN}
    found = _answer(lab, "POST", "/mlflow/api/2.0/mlflow/runs/search", json=body)["runs"]
    return [run["info"]["run_id"] for run in found]


def _answer(lab: Lab, method: str, path: str, **request: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {lab.member_token}"}
    reply = httpx.request(method, f"{lab.master.url}{path}", headers=headers, timeout=60, **request)
    reply.raise_for_status()
    answer: dict[str, Any] = reply.json()
    return answer


def _multiply(lab: Lab, job: str) -> dict[str, float]:
    """Copies the job's row and its run's: lists are measured, not how they come about. The values by id."""
    dice = random.Random(0)
    values = {uuid.uuid4().hex: dice.random() for _ in range(JOBS)}
    state = lab.master.home / "state"
    with sqlite3.connect(state / "proteinx.db", timeout=30) as database:
        others = {f"metric_{number}": number / 7 for number in range(OTHERS)}
        rows = [
            {
                "id": one,
                "name": f"job {one[:6]}",
                "idempotency_key": None,
                "metrics": json.dumps({**others, METRIC: value}),
            }
            for one, value in values.items()
        ]
        _copy(database, "jobs", "id", job, rows)
    with sqlite3.connect(state / "mlflow.db", timeout=30) as database:
        _copy(database, "runs", "run_uuid", job, [{"run_uuid": one} for one in values])
        metrics = [
            (key, value, one) for one, score in values.items() for key, value in (*others.items(), (METRIC, score))
        ]
        statement = (
            "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, 0, 0, 0, ?)"
        )
        database.executemany(statement, metrics)
    return values


def _copy(database: sqlite3.Connection, table: str, key: str, value: str, changes: list[dict[str, Any]]) -> None:
    cursor = database.execute(f"SELECT * FROM {table} WHERE {key} = ?", (value,))
    names = [column[0] for column in cursor.description]
    row = dict(zip(names, cursor.fetchone(), strict=True))
    marks = ", ".join(f":{name}" for name in names)
    database.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", [row | one for one in changes])
