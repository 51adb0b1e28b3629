"""Several processes, started as Lightning starts them, over gloo on the CPU."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import DictConfig

from proteinlab.training import train

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]

ROOT = Path(__file__).parents[3]
SMALL = ["model.net.filters=8", "model.net.hidden=16", "model.optimizer.lr=0.01"]
QUICK = ["evaluation.replicates=200", "evaluation.figures=false"]  # of both: intervals depend on the draws
TWO = ["trainer.accelerator=cpu", "trainer.devices=2", "trainer.strategy=ddp"]


def run(folder: Path, *overrides: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW_", "PROTEINX_", "PL_", "LOCAL_"))}
    places = [f"hydra.run.dir={folder}", f"output_dir={folder}", f"checkpoint_dir={folder}/checkpoints"]
    return subprocess.run(
        [sys.executable, "train.py", "track=false", *places, *overrides],
        cwd=ROOT / "projects/protein",
        env=environment | {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_two_processes_score_as_one_with_the_same_global_batch(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    """To four digits, since the sums of gradients run in another order.

    Residues of sequences of 20 to 56 make it hard: the mean of the processes' means would favour the shorter half, and
    the last step of an epoch has fewer sequences than the others.
    """
    rows = [
        {"sequence": word, "label": "".join("HE"[letter in "AEKLQ"] for letter in word), "set": row["set"]}
        for number, row in enumerate(gb1_rows[::3])
        for word in [row["sequence"][: 20 + number * 7 % 37]]
    ]
    common = [f"data.path={write_csv(rows)}", "task=residue_classification", "trainer.max_epochs=3", *SMALL, *QUICK]
    one = train(configured(*common, "data.batch_size=8"))
    done = run(tmp_path / "two", *common, "data.batch_size=4", *TWO)
    assert done.returncode == 0, done.stderr
    two = json.loads((tmp_path / "two/metrics.json").read_text())
    assert two == pytest.approx(one, rel=1e-4)
    assert one["test_accuracy"] > 0.6
    assert done.stdout.count("epoch 3/3") == 1, "one process speaks"
