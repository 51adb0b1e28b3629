"""ProteinX. In a notebook:

import proteinx as px

px.login("http://10.0.0.5:8000")                        # once on each machine
job = px.submit("protein", "model=cnn", data="gb1", gpus=1).follow()
job.metrics                                             # a DataFrame
px.sweep("protein", space={"model": ["cnn", "ridge"]}, metric="val_loss", inputs={"data": "gb1"})
px.predict("gb1", ["MQYKLILNGKTLKGETTTEA"])                  # a job
px.model("gb1@champion").predict(["MQYKLILNGKTLKGETTTEA"])  # at once

`import proteinx` alone loads nothing: master and workers share this package, and each name comes when it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proteinx.mlflow_plugin.tracking import use_mlflow
    from proteinx.sdk.connection import login
    from proteinx.sdk.connection import master as master
    from proteinx.sdk.job import Job, JobFailed
    from proteinx.sdk.model import Model, model
    from proteinx.sdk.nouns import datasets, job, jobs, models, nodes, predict
    from proteinx.sdk.submitting import submit
    from proteinx.sdk.sweep import Sweep, SweepFailed, sweep

__version__ = "0.1.0"
__all__ = [
    "Job",
    "JobFailed",
    "Model",
    "Sweep",
    "SweepFailed",
    "datasets",
    "job",
    "jobs",
    "login",
    "master",
    "model",
    "models",
    "nodes",
    "predict",
    "submit",
    "sweep",
    "use_mlflow",
]

_PLACES = {
    "connection": ("login", "master"),
    "job": ("Job", "JobFailed"),
    "model": ("Model", "model"),
    "nouns": ("datasets", "job", "jobs", "models", "nodes", "predict"),
    "submitting": ("submit",),
    "sweep": ("Sweep", "SweepFailed", "sweep"),
}


def __getattr__(name: str) -> Any:
    if name == "use_mlflow":
        return getattr(import_module("proteinx.mlflow_plugin.tracking"), name)
    for place, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"proteinx.sdk.{place}"), name)
    raise AttributeError(f"module 'proteinx' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
