"""What the demo reads back when training is over, from two sides, and how it shows that."""

import csv
import gzip
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from proteinx.cli.exits import CommandError
from proteinx.cli.output import print_fields, print_table, size
from proteinx.client import Client
from proteinx.client.uploads import sha256_of
from proteinx.contracts.jobs import ArtifactView, JobDetail

PUBLISHED: Final = 0.83
"""Test Spearman of FLIP's CNN on GB1 three_vs_rest (Dallago et al., NeurIPS Datasets and Benchmarks 2021)."""
_CLOSE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class ReadBack:
    job: JobDetail
    metrics: dict[str, float]
    artifacts: list[ArtifactView]
    workdir: Path

    @property
    def spearman(self) -> float:
        return self.metrics["test_spearman"]


def read_back(client: Client, job: JobDetail, workdir: Path) -> ReadBack:
    """Metrics and artifacts through the API and through MLflow. Raises CommandError where the two differ."""
    run = _finished_run(client, job.id)
    in_mlflow = {item["key"]: float(item["value"]) for item in run["data"].get("metrics", [])}
    for key, value in job.metrics.items():
        if not math.isclose(in_mlflow.get(key, math.nan), value, rel_tol=1e-9):
            raise CommandError(f"{key} is {value} in the API and {in_mlflow.get(key)} in MLflow.")
    artifacts = client.jobs.artifacts(job.id)
    _check_artifacts(client, job, artifacts, workdir)
    return ReadBack(
        job, {key: value for key, value in in_mlflow.items() if key.startswith("test_")}, artifacts, workdir
    )


def _finished_run(client: Client, job_id: str) -> Any:
    """The master closes a run a moment after its job."""
    deadline = time.monotonic() + _CLOSE_SECONDS
    while True:
        run = _mlflow(client, "runs/get", {"run_id": job_id})["run"]
        if run["info"]["status"] == "FINISHED":
            return run
        if time.monotonic() > deadline:
            raise CommandError(f"MLflow has the run as {run['info']['status']} instead of FINISHED.")
        time.sleep(0.1)


def _check_artifacts(client: Client, job: JobDetail, artifacts: list[ArtifactView], workdir: Path) -> None:
    """Each one arrives whole through the API; MLflow lists the same; the bytes lie where the master says."""
    if not artifacts:
        raise CommandError("The job left no artifacts.")
    listed = {item["path"] for item in _mlflow(client, "artifacts/list", {"run_id": job.id}).get("files", [])}
    folder = workdir.parent / "read-back" / job.id
    for artifact in artifacts:
        if artifact.path.split("/")[0] not in listed:
            raise CommandError(f"MLflow does not list the artifact {artifact.path}.")
        copy = folder / artifact.path
        client.jobs.download_artifact(job.id, artifact, copy)
        stored = workdir / artifact.location
        if not stored.is_file() or sha256_of(stored) != sha256_of(copy):
            raise CommandError(f"{artifact.path} does not lie in {stored} as it was fetched.")


def _mlflow(client: Client, call: str, query: dict[str, str]) -> Any:
    reply = client.transport.request("GET", f"/mlflow/api/2.0/mlflow/{call}", query=query)
    return TypeAdapter(dict[str, Any]).validate_json(reply.content)


def three_test_rows(path: Path) -> list[tuple[str, float]]:
    """(sequence, measured fitness) of the least fit, the median and the fittest test variant."""
    with gzip.open(path, "rt", newline="") as file:
        rows = [(row["sequence"], float(row["target"])) for row in csv.DictReader(file) if row["set"] == "test"]
    rows.sort(key=lambda row: row[1])
    return [rows[0], rows[len(rows) // 2], rows[-1]]


def print_report(client: Client, result: ReadBack, predictions: list[dict[str, Any]]) -> None:
    job = result.job
    print("\nTest metrics, read back through the API and through MLflow:")
    rows = [
        (
            key,
            f"{value:.4f}",
            _interval(result.metrics, key),
            f"{PUBLISHED} (FLIP's CNN)" if key == "test_spearman" else "",
        )
        for key, value in sorted(result.metrics.items())
        if not key.endswith(("_low", "_high"))
    ]
    print_table(("METRIC", "OURS", "95 % INTERVAL", "PUBLISHED"), rows, "")
    print("\nArtifacts, below " + str(result.workdir) + ":")
    files = [(item.path, size(item.size), item.location) for item in result.artifacts]
    print_table(("PATH", "SIZE", "LOCATION"), files, "")
    print()
    print_fields(
        [
            (
                "Model",
                f"{job.register_as}@{job.registered_version} (models:/{job.register_as}/{job.registered_version})",
            ),
            ("Run", f"{client.url}/mlflow/#/experiments/{job.experiment_id}/runs/{job.id}"),
        ]
    )
    print("\nPredictions of this model for three variants of the test set:")
    shown = [(f"{row['sequence'][:56]}...", f"{row['measured']:.3f}", f"{row['predicted']:.3f}") for row in predictions]
    print_table(("SEQUENCE", "MEASURED", "PREDICTED"), shown, "")


def _interval(metrics: dict[str, float], key: str) -> str:
    low, high = metrics.get(f"{key}_low"), metrics.get(f"{key}_high")
    return "" if low is None or high is None else f"{low:.4f} to {high:.4f}"
