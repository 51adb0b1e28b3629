"""Predicts with a registered model: the sequences become a dataset, the prediction a job; both can be traced."""

import csv
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from proteinx.client.binding import BadInput, Sending, dataset_name, send_file
from proteinx.client.client import Client
from proteinx.contracts.jobs import GIB, JobCreate, JobView, Resources

PREDICTIONS: Final = "predictions.csv"


def model_reference(master: Client, text: str) -> str:
    """`models:/NAME/VERSION` for `NAME@VERSION` or `NAME@ALIAS`; the newest version where none is named.

    Raises LookupError.
    """
    if text.startswith("models:/"):
        return text
    name, _, version = text.partition("@")
    if version.isdigit():
        return f"models:/{name}/{version}"
    if version:
        return f"models:/{name}@{version}"
    versions = master.models.versions(name)
    if not versions:
        raise LookupError(f"There is no model {name!r}; `px models list` shows all.")
    return f"models:/{name}/{max((item.version for item in versions), key=int)}"


def file_named(text: str) -> Path | None:
    """The file of this name, if there is one: over 255 residues are none, and to `Path.is_file` an error."""
    return Path(text) if os.path.isfile(text) else None  # noqa: PTH113


def start(
    master: Client, model: str, source: Path | Sequence[str], *, project: str = "protein", gpus: int = 0
) -> JobView:
    """A job of entry point `predict`. `source` is a file (FASTA, CSV), or sequences. Raises BadInput, ApiError."""
    data = _send(master, source)
    request = JobCreate(
        project=project,
        entry_point="predict",
        inputs={"data": data, "model": model},
        resources=Resources(gpus=gpus, memory=2 * GIB),
        experiment="predictions",
        time_limit=86400.0,
    )
    return master.jobs.create(request)


def fetch(master: Client, job_id: str) -> list[dict[str, str]]:
    """The rows of an ended prediction. Raises LookupError if it left none."""
    found = [item for item in master.jobs.artifacts(job_id) if Path(item.path).name == PREDICTIONS]
    if not found:
        raise LookupError(f"Job {job_id[:12]} left no {PREDICTIONS}; see `px artifacts list {job_id[:12]}`.")
    with tempfile.TemporaryDirectory(prefix="proteinx-") as folder:
        path = Path(folder) / PREDICTIONS
        master.jobs.download_artifact(job_id, found[0], path)
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def _send(master: Client, source: Path | Sequence[str]) -> str:
    how = Sending(dataset_name(f"predict-{master.accounts.me().name}"))
    if isinstance(source, Path):
        return send_file(master, source, how)
    wrong = [text for text in source if not text.isalpha()]
    if wrong or not source:
        raise BadInput(f"{wrong[0]!r} is neither a file nor a sequence." if wrong else "There is nothing to predict.")
    with tempfile.TemporaryDirectory(prefix="proteinx-") as folder:
        path = Path(folder) / "sequences.fasta"
        path.write_text("".join(f">seq{number}\n{text.upper()}\n" for number, text in enumerate(source, start=1)))
        return send_file(master, path, how)
