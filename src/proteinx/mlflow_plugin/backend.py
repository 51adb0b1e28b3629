"""The project backend `proteinx`: `mlflow run URI -b proteinx`, `mlflow.projects.run(URI, backend="proteinx")`."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from mlflow.exceptions import ExecutionException
from mlflow.projects.backend.abstract_backend import AbstractBackend

from proteinx.client import Client, connect
from proteinx.client.binding import Sending, bind
from proteinx.client.code_source import resolve
from proteinx.client.explaining import sentence
from proteinx.client.wishes import Wishes
from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.projects import SnapshotView
from proteinx.mlflow_plugin.submitted import PlatformRun
from proteinx.mlflow_plugin.tracking import TrackedElsewhere, experiment_for
from proteinx.sdk.notebook import in_notebook
from proteinx.sdk.progress import transfer

_OF_MLFLOW: Final = frozenset(
    {"ENV_MANAGER", "SYNCHRONOUS", "DOCKER_ARGS", "STORAGE_DIR", "build_image", "docker_auth"}
)
"""Keys that MLflow itself adds to the backend's config; workers have their environments, so none of them applies."""


class BackendConfig(Wishes):
    """What `--backend-config` may say."""

    follow: bool | None = None
    """Print the log as it comes. On the command line `mlflow run` then waits and exits with the job's result; in
    Python a thread prints. Unless said otherwise a notebook follows, and `synchronous=True` does."""


class ProteinxBackend(AbstractBackend):  # type: ignore[misc]  # MLflow's classes are not followed
    def run(  # noqa: PLR0917  as MLflow calls it
        self,
        project_uri: str,
        entry_point: str,
        params: Mapping[str, Any] | None,
        version: str | None,
        backend_config: Mapping[str, Any] | str | None,
        tracking_uri: str,
        experiment_id: str | None,
    ) -> PlatformRun:
        """Makes the job and returns at once. Raises ExecutionException with one sentence; then no job was made."""
        given = dict(backend_config) if isinstance(backend_config, Mapping) else {}
        synchronous = bool(given.get("SYNCHRONOUS", False))
        with _explained():
            config = BackendConfig.parse({key: value for key, value in given.items() if key not in _OF_MLFLOW})
            master = connect()
            experiment = experiment_for(master, tracking_uri, experiment_id)
            if config.experiment is None and experiment is not None:
                config = config.model_copy(update={"experiment": experiment})
            code = resolve(master, project_uri, version, name=config.project, bar=partial(transfer, "code"))
            job = master.jobs.create(_request(master, code, entry_point, params or {}, config))
        run = PlatformRun(master, job, follow=config.follow is not False)
        print(f"Job {job.id} ({job.name}) is {job.state.value}: {run.url}", file=sys.stderr, flush=True)
        if not synchronous:
            _watch(run, config.follow)
        return run


def _request(
    master: Client, code: SnapshotView, entry_point: str, params: Mapping[str, Any], config: BackendConfig
) -> JobCreate:
    declared = next((one for one in code.entry_points if one.name == entry_point), None)
    bound = bind(master, declared, params, Sending(config.dataset, config.columns, transfer))
    request = JobCreate(
        project=code.project,
        entry_point=entry_point,
        snapshot=code.digest,
        parameters=bound.parameters,
        inputs=bound.inputs,
        overrides=bound.overrides,
    )
    return config.apply(request)


def _watch(run: PlatformRun, follow: bool | None) -> None:
    """MLflow's command never waits for a backend that comes from outside, and would end with 0 whatever happens."""
    if follow and _is_command():
        if not run.wait():
            raise ExecutionException(f"Job {run.job_id} is {run.job.state.value}: {run.job.reason}")
    elif follow or (follow is None and in_notebook()):
        run.stream(daemon=not follow)
    else:
        print(f"Follow it: px logs -f {run.job_id[:12]}", file=sys.stderr, flush=True)


def _is_command() -> bool:
    """Whether we are inside `mlflow run` as a command."""
    import click

    return click.get_current_context(silent=True) is not None


@contextmanager
def _explained() -> Iterator[None]:
    """MLflow's command prints an ExecutionException as one line and ends with 1."""
    try:
        yield
    except Exception as error:
        told = str(error) if isinstance(error, TrackedElsewhere) else sentence(error)
        if told is None:
            raise
        raise ExecutionException(told) from error
