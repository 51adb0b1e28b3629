"""Fetches a job's code and inputs to a folder here."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from proteinx.client.client import Client
from proteinx.client.errors import TransferError
from proteinx.client.uploads import Progress
from proteinx.contracts.snapshot import unpack

Bar = Callable[[str, int], AbstractContextManager[Progress]]
_MODEL, _RUN = "models:/", "runs:/"


def fetch_code(master: Client, digest: str, target: Path) -> str:
    """Unpacks the snapshot into the new folder `target`; returns where the project lies in it."""
    with TemporaryDirectory(prefix="proteinx-") as folder:
        archive = Path(folder) / "snapshot.tar.gz"
        master.projects.download_snapshot(digest, archive)
        return unpack(archive, target, digest).project_path


def fetch_input(master: Client, reference: str, target: Path, bar: Bar | None = None) -> Path:
    """The file of a dataset, the folder of a model, or a run's artifact, below the folder `target`.

    A dataset's file that is there is not fetched again.

    Raises ApiError, TransferError.
    """
    target.mkdir(parents=True, exist_ok=True)
    if reference.startswith(_MODEL):
        return _by_mlflow(master, target, reference)
    if reference.startswith(_RUN):
        return _by_mlflow(master, target, reference) / reference.rstrip("/").rpartition("/")[2]
    dataset, _, number = reference.partition("@")
    version = master.datasets.version(dataset, int(number))
    path = target / version.filename
    if not path.exists():
        with bar(reference, version.size) if bar else nullcontext(None) as progress:
            master.datasets.download(version, path, progress)
    return path


def _by_mlflow(master: Client, target: Path, reference: str) -> Path:
    """MLflow's own client fetches it, in a process of its own: its import takes a second."""
    command = [sys.executable, "-m", "mlflow", "artifacts", "download", "-u", reference, "-d", str(target)]
    environment = os.environ | {
        "MLFLOW_TRACKING_URI": master.mlflow_url,
        "MLFLOW_REGISTRY_URI": master.mlflow_url,
        "MLFLOW_TRACKING_TOKEN": master.transport.token or "",
    }
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode:
        last = (answer.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise TransferError(f"MLflow could not fetch {reference}: {last}")
    return target
