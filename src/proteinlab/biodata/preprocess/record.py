"""The run's record in MLflow, where there is a run."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf


def record_run(cfg: DictConfig, notes: Mapping[str, Any], output: Path) -> None:
    """Tags with the split's name and its leakage. Config and results too, unless the platform keeps those itself."""
    on_platform = os.environ.get("PROTEINX_RUN_ID")
    run_id = on_platform or os.environ.get("MLFLOW_RUN_ID")
    if not run_id:
        return
    import mlflow  # a second, and only where there is a run

    client = mlflow.MlflowClient()
    for key, value in _tags(notes).items():
        client.set_tag(run_id, key, value)
    if not on_platform:
        client.log_dict(run_id, OmegaConf.to_container(cfg, resolve=True), "config.yaml")
        client.log_artifacts(run_id, str(output))


def _tags(notes: Mapping[str, Any]) -> dict[str, str]:
    split = notes.get("split")
    named = {"split.id": split["split_id"], "split.source": split["method"]} if split else {}
    return {**named, **notes.get("tags", {})}
