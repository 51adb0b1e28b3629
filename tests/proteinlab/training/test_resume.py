"""Killed by the kernel at any moment and gone on from its last checkpoint, a run ends with the same weights."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.proteinlab.training.killable import killed_and_continued, undisturbed

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]

SMALL = ["model.net.filters=8", "model.net.hidden=16", "model.optimizer.lr=0.01", "model.net.dropout=0.2"]
EVERY_STEP = ["callbacks.checkpoints.every_seconds=0", "trainer.max_epochs=5"]
KINDS = {
    "dropout and early stopping": [
        "data.batch_size=16",
        "callbacks.early_stopping.patience=1",
        "model.optimizer.lr=0.05",
    ],
    "accumulation and an average of the weights": [
        *("data.batch_size=8", "trainer.accumulate_grad_batches=2", "callbacks=ema", "callbacks.averaging.decay=0.9"),
    ],
    "batches of like lengths and the mean of epochs": [
        *("data.batch_size=null", "data.batch_tokens=500", "callbacks=swa", "callbacks.averaging.start=0.3"),
    ],
}


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_any_moment_it_ends_with_the_same_weights(
    kind: str, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    rows = [row | {"sequence": row["sequence"][: 20 + number % 37]} for number, row in enumerate(gb1_rows)]
    common = [f"data.path={write_csv(rows)}", *SMALL, *EVERY_STEP, *KINDS[kind]]
    whole = undisturbed(tmp_path / "whole", common)
    killed = killed_and_continued(tmp_path / "killed", common, 4, random.Random(kind))
    assert killed == whole
