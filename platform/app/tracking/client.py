"""The master's own dealings with MLflow: it alone makes and closes the runs of jobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from proteinx.contracts.metrics import Curve, MetricView
from proteinx.contracts.models import ModelVersionView, ModelView


@dataclass(frozen=True, slots=True)
class CreatedRun:
    run_id: str
    experiment_id: str


class Tracking(Protocol):
    """Every call raises Unavailable("mlflow_unavailable") while the tracking server is away."""

    def create_run(self, experiment: str, name: str, user: str, tags: Mapping[str, str]) -> CreatedRun: ...

    def log_params(self, run_id: str, params: Mapping[str, str]) -> None:
        """In batches; values over MLflow's limit are cut, the whole config is kept as an artifact."""
        ...

    def set_tags(self, run_id: str, tags: Mapping[str, str]) -> None: ...

    def describe(self, run_id: str, tags: Mapping[str, str], params: Mapping[str, str]) -> None:
        """As `set_tags` and `log_params`, in one call where they are few."""
        ...

    def set_status(self, run_id: str, status: str) -> None:
        """SCHEDULED, RUNNING, FINISHED, FAILED or KILLED; repeating it is harmless."""
        ...

    def open_runs(self, tag: str, before: datetime) -> list[str]:
        """Ids of the runs that carry `tag`, began before then and have not ended."""
        ...

    def latest_metrics(self, run_id: str) -> dict[str, float]: ...

    def metrics_of(self, runs: Mapping[str, str]) -> dict[str, dict[str, float]]:
        """The last values of many runs at once; `runs`: id -> its experiment's id."""
        ...

    def last_values(self, run_id: str) -> list[MetricView]: ...

    def curve(self, run_id: str, key: str, *, points: int, after: int | None) -> Curve: ...

    def delete_run(self, run_id: str) -> None:
        """To MLflow's own bin, from which `restore_run` takes it."""
        ...

    def restore_run(self, run_id: str) -> None: ...

    def versions_of_run(self, run_id: str) -> list[str]:
        """The registered models that it made, as `name@version`."""
        ...

    def model_prefixes_of_run(self, run_id: str) -> list[str]:
        """The storage prefixes of all models that it logged."""
        ...

    def register_model(self, name: str, run_id: str) -> str:
        """Registers the run's logged model; returns the version, the same one if it was registered before.

        Raises NotFound("no_model") if the run logged none.
        """
        ...

    def logged_model_prefix(self, run_id: str) -> str:
        """The storage prefix of the files of the run's newest model. Raises NotFound("no_model")."""
        ...

    def models(self) -> list[ModelView]: ...

    def model(self, name: str) -> ModelView:
        """Raises NotFound("unknown_model")."""
        ...

    def versions(self, name: str) -> list[ModelVersionView]: ...

    def version(self, name: str, wanted: str | None) -> ModelVersionView | None:
        """By its number or an alias, or the newest; None where there is no such. Quicker than all versions."""
        ...

    def set_alias(self, name: str, alias: str, version: str) -> None:
        """Moves it if another version has it. Raises NotFound."""
        ...

    def delete_alias(self, name: str, alias: str) -> None: ...

    def describe_model(self, name: str, description: str) -> None: ...

    def describe_version(self, name: str, version: str, description: str) -> None: ...

    def model_files_prefix(self, name: str, version: str) -> str:
        """The storage prefix (`artifacts/models/<id>/artifacts`) of a version's files. Raises NotFound."""
        ...
