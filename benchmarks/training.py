"""Training throughput with tracking, log streaming and checkpoints, beside the same Lightning loop alone.

Pairs in turns; each run says itself how long its epochs took (`fit_seconds` in timings.json), so that start-up and the
final evaluation don't count. By one core, which is what a job gets unless it asks for more, and by all cores of a
machine that is also the master: there whatever master, broker and MLflow compute stops a thread of the training, and
the others wait for it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, percentile
from proteinx.contracts.datasets import ColumnNames
from proteinx.contracts.jobs import GIB, JobCreate, Resources
from tests.integration.harness import Lab
from tests.integration.processes import ROOT, clean_environment

PAIRS: Final = 10
TARGET: Final = 0.97
DATA: Final = ROOT / "examples" / "gb1_flip" / "three_vs_rest.csv.gz"
CONFIG: Final = ("experiment=gb1_demo", "callbacks.early_stopping=null")
EPOCHS: Final = {1: 10, os.cpu_count() or 1: 20}
"""By cores: about 13 s of training."""

AS_BY_DEFAULT: Final = {"PROTEINX_WORKER_CHECKPOINT_INTERVAL": "0.5", "PROTEINX_WORKER_CHECKPOINT_REST": "100"}
"""Agents of tests send checkpoints far more often."""


def measure(lab: Lab) -> list[Figure]:
    version = lab.member.datasets.upload("gb1", DATA, columns=ColumnNames())
    worker = lab.agent(**AS_BY_DEFAULT)
    figures = [_figure(lab, f"gb1@{version.number}", cores) for cores in EPOCHS]
    lab.remove(worker)
    return figures


def _figure(lab: Lab, data: str, cores: int) -> Figure:
    ratios = []
    for pair in range(PAIRS):
        order = (_platform, _alone) if pair % 2 else (_alone, _platform)
        took = {run.__name__: run(lab, data, cores) for run in order}
        ratios.append(took["_alone"] / took["_platform"])
    median = percentile(ratios, 50)
    return Figure(
        f"training throughput by {cores} of {os.cpu_count()} cores, median ratio of {PAIRS} pairs",
        f"{median:.3f} ({min(ratios):.3f} to {max(ratios):.3f})",
        "the same loop alone: no tracking, no log, one checkpoint",
        f"at least {TARGET}",
        median >= TARGET,
    )


def _config(cores: int) -> tuple[str, ...]:
    return (*CONFIG, f"trainer.max_epochs={EPOCHS[cores]}")


def _platform(lab: Lab, data: str, cores: int) -> float:
    resources = Resources(cpus=cores, memory=2 * GIB)
    request = JobCreate(project="protein", inputs={"data": data}, overrides=list(_config(cores)), resources=resources)
    job = lab.member.jobs.create(request).id
    for _ in lab.member.follow(job):  # somebody watches; asking again and again would take the job's own cores
        pass
    lab.wait(job, seconds=60)
    return float(lab.result(job, "timings.json")["fit_seconds"])


def _alone(_: Lab, __: str, cores: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        places = (f"output_dir={folder}", f"hydra.run.dir={folder}")
        bare = ("track=false", "callbacks.checkpoints.every_epochs=1000", *places)
        environment = clean_environment(OMP_NUM_THREADS=str(cores))
        subprocess.run(
            [sys.executable, "train.py", f"data.path={DATA}", *_config(cores), *bare],
            cwd=ROOT / "projects" / "protein",
            env=environment,
            capture_output=True,
            check=True,
        )
        return float(json.loads((Path(folder) / "timings.json").read_text())["fit_seconds"])
