"""The run's record in MLflow."""

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.environment_variables import MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema
from omegaconf import DictConfig, OmegaConf
from pytorch_lightning.utilities import rank_zero_only

import proteinlab
from proteinlab.training.errors import UserError
from proteinlab.training.points import Calls, Lines, Nowhere, Points
from proteinlab.training.provenance import code_digest, environment, file_digest
from proteinlab.training.relatives import Relatives
from proteinlab.training.samples import Samples
from proteinlab.training.served import ServedModel

# Needed to load a model; what only training needs stays out.
_SERVING_PACKAGES = ("mlflow", "torch", "numpy", "pandas", "safetensors", "hydra-core", "scikit-learn")
_DESCRIPTION = "mlflow.note.content"  # the tag that MLflow shows as the description
_SAMPLING_SECONDS = 5  # MLflow's default of 10 leaves short runs without system metrics


class Record:
    """Writes to one MLflow run; the record of no run takes everything and writes nothing."""

    def __init__(self, run_id: str | None, resumed: bool = False) -> None:
        self.run_id = run_id
        self._client = mlflow.MlflowClient() if run_id else None
        self._resumed = resumed
        self._recorded: dict[str, int] = {}
        self._points = self._way(run_id)

    def metrics(self, values: Mapping[str, float], step: int) -> None:
        """Points of curves; they are sent together, in the background or every two seconds.

        A resumed run never repeats a step.
        """
        if self._client is None:
            return
        now = int(time.time() * 1000)
        fresh = {key: value for key, value in values.items() if step > self._last_step(key)}
        self._points.add([Metric(key, value, now, step) for key, value in fresh.items()])

    def flush(self) -> None:
        self._points.flush()

    def batches_cut(self, parts: int) -> None:
        """Note that memory ran out; the steps that follow were partly recorded before."""
        self.flush()
        self._resumed = True
        self._recorded.clear()
        if self._client is not None and self.run_id:
            self._client.set_tag(self.run_id, "batches.cut_into", str(parts))

    def describe(self, config: DictConfig, samples: Samples, context: str = "training") -> None:
        """Parameters (unless the platform wrote them), code, environment and data of the run."""
        if self._client is None or self.run_id is None:
            return
        resolved = OmegaConf.to_container(config, resolve=True)
        if not os.environ.get("PROTEINX_PARAMS_LOGGED"):
            params = [Param(key, str(value)[:6000]) for key, value in flatten(resolved).items()]
            for start in range(0, len(params), 100):
                self._client.log_batch(self.run_id, params=params[start : start + 100])
            self._client.log_dict(self.run_id, resolved, "config.yaml")
        machine = environment()
        self._client.log_dict(self.run_id, machine, "environment.json")
        tags = {f"env.{name}": str(machine[name]) for name in ("python", "torch", "device")}
        tags |= {"code.sha256": code_digest(), "split.source": samples.split_source}
        self.tags(tags)
        self._client.log_inputs(self.run_id, [_dataset(samples, context)])

    def tags(self, values: Mapping[str, str]) -> None:
        if self._client is not None and values:
            self._client.log_batch(self.run_id, tags=[RunTag(key, value) for key, value in values.items()])

    def model(self, served: ServedModel, samples: Samples, step: int, card: str) -> None:
        """Log the model as `model`, with this package's code, so that it loads without a checkout.

        The card becomes its description.
        """
        if self._client is None:
            return
        example = _example(samples)
        packages = (*_SERVING_PACKAGES, *getattr(served.net, "packages", ()))
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "bundle"
            served.save(folder)
            Relatives.of(samples).save(folder)
            mlflow.pyfunc.log_model(
                name="model",
                loader_module="proteinlab.training.served",
                data_path=str(folder),
                code_paths=[str(Path(proteinlab.__file__).parent)],
                signature=_signature(example, served.predict(example)),
                input_example=example,
                step=step,
                tags={_DESCRIPTION: card},
                pip_requirements=[f"{name}=={version(name).split('+')[0]}" for name in packages],
            )

    def artifacts(self, folder: Path) -> None:
        """Keep the results and figures; the platform uploads the whole folder itself."""
        if self._client is not None and self.run_id and not os.environ.get("PROTEINX_RUN_ID"):
            for path in sorted([*folder.glob("*.*"), *folder.glob("figures/*.png")]):
                if path.is_file():
                    inside = path.parent.relative_to(folder).as_posix()
                    self._client.log_artifact(self.run_id, str(path), None if inside == "." else inside)

    def _way(self, run_id: str | None) -> Points:
        """The platform names a file and sends on what stands in it, whatever becomes of this process."""
        if self._client is None or run_id is None:
            return Nowhere()
        file = os.environ.get("PROTEINX_METRICS_FILE")
        return (
            Lines(Path(file)) if file and os.environ.get("PROTEINX_RUN_ID") == run_id else Calls(self._client, run_id)
        )

    def _last_step(self, key: str) -> int:
        if not self._resumed or self._client is None:
            return -1
        if key not in self._recorded:
            history = self._client.get_metric_history(self.run_id, key)
            self._recorded[key] = max((metric.step for metric in history), default=-1)
        return self._recorded[key]


@contextlib.contextmanager
def recorded_run(track: bool, resumed: bool) -> Iterator[Record]:
    """The run that the platform or `mlflow run` opened, or a new one; rank 0 only."""
    if not track or rank_zero_only.rank != 0:
        yield Record(None)
        return
    # mlflow takes MLFLOW_RUN_ID out of the environment when it first starts a run.
    run_id = os.environ.get("PROTEINX_RUN_ID") or os.environ.get("MLFLOW_RUN_ID")
    with _started(run_id) as run:
        record = Record(run.info.run_id, resumed)
        try:
            yield record
        finally:
            record.flush()


def _started(run_id: str | None) -> Any:
    if not MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL.get():
        mlflow.set_system_metrics_sampling_interval(_SAMPLING_SECONDS)
    try:
        return mlflow.start_run(run_id=run_id, log_system_metrics=True)
    except MlflowException as error:
        uri = mlflow.get_tracking_uri()
        relative = uri.startswith("sqlite:///") and not uri.startswith("sqlite:////")
        if run_id and error.error_code == "RESOURCE_DOES_NOT_EXIST" and relative:
            raise UserError(
                "tracking_uri_relative",
                f"The run {run_id} is not in '{uri}' as seen from {Path.cwd()}: set MLFLOW_TRACKING_URI to "
                "an absolute path, as in sqlite:////home/me/mlflow.db.",
            ) from error
        raise


def flatten(value: Any, prefix: str = "") -> dict[str, Any]:
    """Nested mappings as one, with dotted keys; lists and leaves stay whole."""
    if not isinstance(value, Mapping) or not value:
        return {prefix: value}
    flat: dict[str, Any] = {}
    for key, inner in value.items():
        flat |= flatten(inner, f"{prefix}.{key}" if prefix else str(key))
    return flat


def _dataset(samples: Samples, context: str) -> DatasetInput:
    digest = file_digest(samples.path)
    dataset = Dataset(
        name=samples.path.name,
        digest=digest[:36],  # all that MLflow has room for
        source_type="local",
        source=json.dumps({"uri": str(samples.path), "sha256": digest}),
        profile=json.dumps({"rows": len(samples.ids), **samples.counts()}),
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", context)])


def _example(samples: Samples) -> list[str] | pd.DataFrame:
    if samples.partners is None:
        return [samples.sequences[0]]
    return pd.DataFrame({"sequence": [samples.sequences[0]], "partner": [samples.partners[0]]})


def _signature(inputs: list[str] | pd.DataFrame, outputs: pd.DataFrame) -> ModelSignature:
    """One unnamed string column in, so that a plain list of sequences will do, or two of a pair; named columns out."""
    types = {"f": DataType.double, "i": DataType.long}
    columns = [ColSpec(types.get(outputs[name].dtype.kind, DataType.string), name) for name in outputs.columns]
    if isinstance(inputs, list):
        return ModelSignature(Schema([ColSpec(DataType.string)]), Schema(columns))
    return ModelSignature(Schema([ColSpec(DataType.string, name) for name in inputs.columns]), Schema(columns))
