"""Training throughput with tracking, log streaming and checkpoints, beside the same Lightning loop alone.

Pairs in turns; each run says itself how long its epochs took (`fit_seconds` in timings.json), so that start-up and the
final evaluation don't count.
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
CONFIG: Final = ("experiment=gb1_demo", "callbacks.early_stopping=null", "trainer.max_epochs=20")

AS_BY_DEFAULT: Final = {"PROTEINX_WORKER_CHECKPOINT_INTERVAL": "0.5", "PROTEINX_WORKER_CHECKPOINT_REST": "100"}
"""Agents of tests send checkpoints far more often."""


def measure(lab: Lab) -> list[Figure]:
    version = lab.member.datasets.upload("gb1", DATA, columns=ColumnNames())
    worker = lab.agent(**AS_BY_DEFAULT)
    ratios = []
    for pair in range(PAIRS):
        order = (_platform, _alone) if pair % 2 else (_alone, _platform)
        took = {run.__name__: run(lab, f"gb1@{version.number}") for run in order}
        ratios.append(took["_alone"] / took["_platform"])
    lab.remove(worker)
    median = percentile(ratios, 50)
    return [
        Figure(
            f"training throughput, median ratio of {PAIRS} pairs",
            f"{median:.3f} ({min(ratios):.3f} to {max(ratios):.3f})",
            "the same loop alone: no tracking, no log, one checkpoint",
            f"at least {TARGET}",
            median >= TARGET,
        )
    ]


def _platform(lab: Lab, data: str) -> float:
    resources = Resources(cpus=os.cpu_count() or 1, memory=2 * GIB)
    request = JobCreate(project="protein", inputs={"data": data}, overrides=list(CONFIG), resources=resources)
    job = lab.member.jobs.create(request).id
    for _ in lab.member.follow(job):  # somebody watches; asking again and again would take the job's own cores
        pass
    lab.wait(job, seconds=60)
    return float(lab.result(job, "timings.json")["fit_seconds"])


def _alone(_: Lab, __: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        places = (f"output_dir={folder}", f"hydra.run.dir={folder}")
        bare = ("track=false", "callbacks.checkpoints.every_epochs=1000", *places)
        environment = clean_environment(OMP_NUM_THREADS=str(os.cpu_count() or 1))
        subprocess.run(
            [sys.executable, "train.py", f"data.path={DATA}", *CONFIG, *bare],
            cwd=ROOT / "projects" / "protein",
            env=environment,
            capture_output=True,
            check=True,
        )
        return float(json.loads((Path(folder) / "timings.json").read_text())["fit_seconds"])
