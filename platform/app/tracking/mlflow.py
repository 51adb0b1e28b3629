"""The master's Tracking over MLflow's REST API: runs of jobs, and the registry."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from app.clock import now
from app.errors import Conflict, NotFound, Unprocessable
from app.tracking import curves
from app.tracking.client import CreatedRun
from app.tracking.rest import MlflowError, Rest
from app.tracking.tags import OWNER_TAG, USER_TAG
from proteinx.contracts.metrics import Curve, MetricView
from proteinx.contracts.models import ModelVersionView, ModelView

ARTIFACT_ROOT: Final = "mlflow-artifacts:/"
"""Of every experiment: a run's artifacts then lie at `<workdir>/artifacts/<run_id>/artifacts`."""
MAX_BATCH: Final = 100
MAX_BATCH_BYTES: Final = 900_000
MAX_PARAM: Final = 6000
MAX_TAG: Final = 8000
MAX_KEY: Final = 250
PAGE: Final = 1000
ENDED: Final = frozenset({"FINISHED", "FAILED", "KILLED"})


class MlflowTracking:
    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._known: dict[str, str] = {}
        """Ids of experiments by name: whether one is still there, MLflow says when a run is made in it."""

    def create_run(self, experiment: str, name: str, user: str, tags: Mapping[str, str]) -> CreatedRun:
        """Raises Unprocessable("experiment_deleted") for an experiment in MLflow's bin."""
        experiment_id = self._known.get(experiment) or self._experiment(experiment)
        all_tags = {**tags, USER_TAG: user}  # not mlflow.runName: MLflow makes that tag from run_name, also of ""
        body = {
            "experiment_id": experiment_id,
            "user_id": user,
            "run_name": name,
            "start_time": _milliseconds(),
            "tags": [{"key": key, "value": value[:MAX_TAG]} for key, value in all_tags.items()],
        }
        try:
            run_id = str(self._rest.post("runs/create", body)["run"]["info"]["run_id"])
        except MlflowError:
            if self._known.pop(experiment, None) is None:
                raise
            return self.create_run(experiment, name, user, tags)  # it may have been deleted, or made anew
        self._known[experiment] = experiment_id
        self.set_status(run_id, "SCHEDULED")
        return CreatedRun(run_id, experiment_id)

    def log_params(self, run_id: str, params: Mapping[str, str]) -> None:
        self._log(run_id, "params", {key: value[:MAX_PARAM] for key, value in params.items()})

    def set_tags(self, run_id: str, tags: Mapping[str, str]) -> None:
        self._log(run_id, "tags", {key: value[:MAX_TAG] for key, value in tags.items()})

    def describe(self, run_id: str, tags: Mapping[str, str], params: Mapping[str, str]) -> None:
        few = len(tags) + len(params) <= MAX_BATCH and sum(map(len, params.values())) < MAX_BATCH_BYTES // 4
        if not few:
            self.set_tags(run_id, tags)
            self.log_params(run_id, params)
            return
        body = {
            "run_id": run_id,
            "tags": [{"key": key[:MAX_KEY], "value": value[:MAX_TAG]} for key, value in tags.items()],
            "params": [{"key": key[:MAX_KEY], "value": value[:MAX_PARAM]} for key, value in params.items()],
        }
        self._post_batch(body)

    def set_status(self, run_id: str, status: str) -> None:
        body: dict[str, Any] = {"run_id": run_id, "status": status}
        if status in ENDED:
            body["end_time"] = _milliseconds()
        self._rest.post("runs/update", body)

    def open_runs(self, tag: str, before: datetime) -> list[str]:
        experiments = [str(item["experiment_id"]) for item in self._pages("experiments/search", "experiments")]
        began = f"attributes.start_time < {int(before.timestamp() * 1000)}"
        still_open = " AND ".join(f"attributes.status != '{status}'" for status in sorted(ENDED))
        condition = f"tags.`{tag}` LIKE '%' AND {began} AND {still_open}"
        return [str(run["info"]["run_id"]) for run in self._search_runs(experiments, condition)]

    def latest_metrics(self, run_id: str) -> dict[str, float]:
        """The last value of each; what is not finite is left out, since JSON can't say it."""
        return {view.key: view.value for view in self.last_values(run_id)}

    def metrics_of(self, runs: Mapping[str, str]) -> dict[str, dict[str, float]]:
        ids = ", ".join(f"'{run_id}'" for run_id in runs)
        found = self._search_runs(sorted(set(runs.values())), f"attributes.run_id IN ({ids})")
        return {str(run["info"]["run_id"]): curves.finite_metrics(run) for run in found}

    def last_values(self, run_id: str) -> list[MetricView]:
        return curves.last_values(self._rest, run_id)

    def curve(self, run_id: str, key: str, *, points: int, after: int | None) -> Curve:
        return curves.curve(self._rest, run_id, key, points=points, after=after)

    def delete_run(self, run_id: str) -> None:
        self._rest.post("runs/delete", {"run_id": run_id})

    def restore_run(self, run_id: str) -> None:
        self._rest.post("runs/restore", {"run_id": run_id})

    def versions_of_run(self, run_id: str) -> list[str]:
        found = self._pages("model-versions/search", "model_versions", filter=f"run_id='{run_id}'")
        return sorted(f"{item['name']}@{item['version']}" for item in found)

    def model_prefixes_of_run(self, run_id: str) -> list[str]:
        run = self._rest.get("runs/get", run_id=run_id)["run"]
        body = {
            "experiment_ids": [str(run["info"]["experiment_id"])],
            "filter": f"source_run_id = '{run_id}'",
            "max_results": 50,
        }
        found: list[str] = []
        while True:
            page = self._rest.post("logged-models/search", body)
            found += [f"artifacts/models/{model['info']['model_id']}" for model in page.get("models", [])]
            if not page.get("next_page_token"):
                return found
            body["page_token"] = page["next_page_token"]

    def register_model(self, name: str, run_id: str) -> str:
        run = self._rest.get("runs/get", run_id=run_id)["run"]
        model_id = self._newest_model(run_id, str(run["info"]["experiment_id"]))
        maker = next((tag["value"] for tag in run["data"].get("tags", []) if tag["key"] == USER_TAG), "")
        try:
            tags = [{"key": OWNER_TAG, "value": maker}]
            self._rest.post("registered-models/create", {"name": name, "tags": tags})
        except MlflowError as error:
            if error.code != "RESOURCE_ALREADY_EXISTS":
                raise Unprocessable("bad_model_name", str(error), field="register_as") from error
        for version in self._versions(name):
            if version.get("source") == f"models:/{model_id}":
                return str(version["version"])
        body = {"name": name, "source": f"models:/{model_id}", "run_id": run_id, "model_id": model_id}
        return str(self._rest.post("model-versions/create", body)["model_version"]["version"])

    def logged_model_prefix(self, run_id: str) -> str:
        run = self._rest.get("runs/get", run_id=run_id)["run"]
        return f"artifacts/models/{self._newest_model(run_id, str(run['info']['experiment_id']))}/artifacts"

    def models(self) -> list[ModelView]:
        return [_model(model) for model in self._pages("registered-models/search", "registered_models")]

    def model(self, name: str) -> ModelView:
        return _model(self._registered(name))

    def versions(self, name: str) -> list[ModelVersionView]:
        """Newest first. Raises NotFound."""
        aliases = _aliases(self._registered(name))
        rows = sorted(self._versions(name), key=lambda item: int(item["version"]), reverse=True)
        return [_version(row, aliases.get(str(row["version"]), [])) for row in rows]

    def version(self, name: str, wanted: str | None) -> ModelVersionView | None:
        try:
            if wanted is None:
                return _model(self._rest.get("registered-models/get", name=name)["registered_model"]).latest
            if wanted.isdecimal():
                found = self._rest.get("model-versions/get", name=name, version=wanted)
            else:
                found = self._rest.get("registered-models/alias", name=name, alias=wanted)
        except MlflowError:
            return None
        row = found["model_version"]
        return _version(row, list(row.get("aliases", [])))

    def set_alias(self, name: str, alias: str, version: str) -> None:
        self._change(name, self._rest.post, "registered-models/alias", alias=alias, version=version)

    def delete_alias(self, name: str, alias: str) -> None:
        self._change(name, self._rest.delete, "registered-models/alias", alias=alias)

    def describe_model(self, name: str, description: str) -> None:
        self._change(name, self._rest.patch, "registered-models/update", description=description)

    def describe_version(self, name: str, version: str, description: str) -> None:
        self._change(name, self._rest.patch, "model-versions/update", version=version, description=description)

    def model_files_prefix(self, name: str, version: str) -> str:
        try:
            uri = str(self._rest.get("model-versions/get-download-uri", name=name, version=version)["artifact_uri"])
        except MlflowError as error:
            raise NotFound("unknown_model", f"There is no model {name} with version {version}.") from error
        if not uri.startswith(ARTIFACT_ROOT):
            raise NotFound("foreign_model", f"The files of {name}@{version} lie outside this platform: {uri}")
        return f"artifacts/{uri.removeprefix(ARTIFACT_ROOT).strip('/')}"

    def _registered(self, name: str) -> dict[str, Any]:
        try:
            model: dict[str, Any] = self._rest.get("registered-models/get", name=name)["registered_model"]
        except MlflowError as error:
            raise NotFound("unknown_model", f"There is no registered model {name}.") from error
        return model

    def _change(self, name: str, call: Callable[[str, Mapping[str, Any]], object], path: str, **fields: str) -> None:
        try:
            call(path, {"name": name, **fields})
        except MlflowError as error:
            if error.code == "RESOURCE_DOES_NOT_EXIST":
                raise NotFound("unknown_model", f"There is no such version of {name}.") from error
            raise Unprocessable("mlflow_refused", str(error)) from error

    def _experiment(self, name: str) -> str:
        try:
            return self._find_experiment(name)
        except MlflowError as error:
            if error.code != "RESOURCE_DOES_NOT_EXIST":
                raise
        try:
            created = self._rest.post("experiments/create", {"name": name, "artifact_location": ARTIFACT_ROOT})
            return str(created["experiment_id"])
        except MlflowError as error:
            if error.code != "RESOURCE_ALREADY_EXISTS":
                raise Unprocessable("bad_experiment", str(error), field="experiment") from error
        return self._find_experiment(name)  # somebody else has just made it

    def _find_experiment(self, name: str) -> str:
        experiment = self._rest.get("experiments/get-by-name", experiment_name=name)["experiment"]
        if experiment["lifecycle_stage"] != "active":
            raise Unprocessable(
                "experiment_deleted",
                f"The experiment {name} was deleted; restore it in MLflow or take another name.",
                field="experiment",
            )
        return str(experiment["experiment_id"])

    def _log(self, run_id: str, kind: str, values: Mapping[str, str]) -> None:
        for batch in _batches([{"key": key[:MAX_KEY], "value": value} for key, value in values.items()]):
            self._post_batch({"run_id": run_id, kind: batch})

    def _post_batch(self, body: Mapping[str, Any]) -> None:
        try:
            self._rest.post("runs/log-batch", body)
        except MlflowError as error:
            raise Conflict("mlflow_refused", str(error)) from error

    def _newest_model(self, run_id: str, experiment_id: str) -> str:
        body = {
            "experiment_ids": [experiment_id],
            "filter": f"source_run_id = '{run_id}'",
            "order_by": [{"field_name": "creation_time", "ascending": False}],
            "max_results": 50,
        }
        for model in self._rest.post("logged-models/search", body).get("models", []):
            if model["info"].get("status") in ("LOGGED_MODEL_READY", "READY", 2):
                return str(model["info"]["model_id"])
        raise NotFound("no_model", "The run has logged no model; log one with mlflow.<flavor>.log_model.")

    def _search_runs(self, experiments: list[str], condition: str) -> Iterator[dict[str, Any]]:
        body: dict[str, Any] = {"experiment_ids": experiments, "filter": condition, "max_results": PAGE}
        while True:
            page = self._rest.post("runs/search", body)
            yield from page.get("runs", [])
            if not page.get("next_page_token"):
                return
            body["page_token"] = page["next_page_token"]

    def _versions(self, name: str) -> Iterator[dict[str, Any]]:
        quoted = name.replace("'", "''")
        return self._pages("model-versions/search", "model_versions", filter=f"name='{quoted}'")

    def _pages(self, path: str, key: str, **query: str) -> Iterator[dict[str, Any]]:
        token = ""
        while True:
            extra = {"page_token": token} if token else {}
            page = self._rest.get(path, max_results=PAGE, **query, **extra)
            yield from page.get(key, [])
            token = page.get("next_page_token", "")
            if not token:
                return


def _batches(items: list[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    """As many at once as MLflow takes, by number and by bytes."""
    batch: list[dict[str, str]] = []
    size = 0
    for item in items:
        weight = len(json.dumps(item))
        if batch and (len(batch) == MAX_BATCH or size + weight > MAX_BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += weight
    if batch:
        yield batch


def _aliases(model: Mapping[str, Any]) -> dict[str, list[str]]:
    """Version -> its aliases."""
    found: dict[str, list[str]] = {}
    for item in model.get("aliases", []):
        found.setdefault(str(item["version"]), []).append(str(item["alias"]))
    return found


def _model(row: Mapping[str, Any]) -> ModelView:
    newest = max(row.get("latest_versions", []), key=lambda item: int(item["version"]), default=None)
    aliases = _aliases(row)
    return ModelView(
        name=row["name"],
        owner=next((tag["value"] for tag in row.get("tags", []) if tag["key"] == OWNER_TAG), ""),
        description=row.get("description", ""),
        aliases={alias: version for version, names in aliases.items() for alias in names},
        latest=_version(newest, aliases.get(str(newest["version"]), [])) if newest else None,
    )


def _version(row: Mapping[str, Any], aliases: list[str]) -> ModelVersionView:
    return ModelVersionView(
        name=row["name"],
        version=str(row["version"]),
        job_id=row.get("run_id") or None,
        aliases=sorted(aliases),
        uri=f"models:/{row['name']}/{row['version']}",
        description=row.get("description", ""),
        created_at=datetime.fromtimestamp(int(row["creation_timestamp"]) / 1000, UTC),
    )


def _milliseconds() -> int:
    return int(now().timestamp() * 1000)
