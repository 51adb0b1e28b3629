"""Points MLflow's client at the master, and finds out which experiment a call of `mlflow run` means."""

from typing import Final
from urllib.parse import urlsplit

import mlflow
from mlflow.tracking import MlflowClient, is_tracking_uri_set

from proteinx.client import Client, connect

_DEFAULT_EXPERIMENT: Final = "0"
"""MLflow's own, which is everybody's who named none; its files would lie elsewhere than those of jobs."""
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class TrackedElsewhere(ValueError):
    """MLflow's tracking URI is set, and not to the master."""


def use_mlflow(url: str | None = None) -> str:
    """Makes the master MLflow's tracking server and registry for this process, signed in as `px login` was.

    Returns the tracking URI. `url` is the master's address; without it the one of the stored sign-in.
    """
    if url is None:
        with connect() as master:
            url = master.url
    uri = f"{url.rstrip('/')}/mlflow"
    mlflow.set_tracking_uri(uri)
    return uri


def experiment_for(master: Client, tracking_uri: str, experiment_id: str | None) -> str | None:
    """The name of the experiment that MLflow was told; None where it was told none. MLflow's client is set to the
    master where nothing else was chosen.

    Raises TrackedElsewhere: the run would be looked for at another server than the one that has it.
    """
    chosen = is_tracking_uri_set()
    # another thread may have set it since MLflow read it for this call: what counts is where the client looks now
    if chosen and not is_master(tracking_uri, master.url) and not is_master(mlflow.get_tracking_uri(), master.url):
        raise TrackedElsewhere(
            f"MLflow's tracking URI is {tracking_uri}, but you are signed in to {master.url}: the job's run would not "
            f"be found. Unset MLFLOW_TRACKING_URI, or set it to {master.mlflow_url}."
        )
    name = None
    if experiment_id not in (None, "", _DEFAULT_EXPERIMENT):
        name = str(MlflowClient(tracking_uri).get_experiment(experiment_id).name)
    if not chosen:
        use_mlflow(master.url)
    return name


def is_master(tracking_uri: str, url: str) -> bool:
    """Whether the tracking URI is that of the master at `url`; all names of this machine's loopback are one."""
    return _place(tracking_uri) == _place(f"{url.rstrip('/')}/mlflow")


def _place(uri: str) -> tuple[str, str, int, str]:
    parts = urlsplit(uri)
    host = (parts.hostname or "").lower()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, "loopback" if host in _LOOPBACK else host, port, parts.path.rstrip("/")
