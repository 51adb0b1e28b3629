"""Whole runs in this process: what is written, and that a run can go on where another stopped."""

import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import pytorch_lightning as pl
import torch
from omegaconf import DictConfig

from proteinlab.predictions.reading import read_predictions
from proteinlab.training import train
from proteinlab.training.callbacks.checkpoints import newest_checkpoint
from proteinlab.training.errors import Terminated

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]

SMALL = ["model.net.filters=8", "model.net.hidden=16", "model.optimizer.lr=0.01", "data.batch_size=16"]


def manifests(folder: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.manifest.json"))]


def test_regression_writes_metrics_predictions_and_checkpoints(
    configured: Compose,
    write_csv: WriteCsv,
    gb1_rows: Rows,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    metrics = train(configured(f"data.path={write_csv(gb1_rows)}", "trainer.max_epochs=12", *SMALL))

    assert json.loads((tmp_path / "out/metrics.json").read_text()) == metrics
    assert metrics["test_spearman"] > 0.3, "GB1 has signal that a dozen epochs find"
    table = read_predictions(tmp_path / "out").table
    assert table["target"].tolist() == [float(row["target"]) for row in gb1_rows]
    test = table[table["split"] == "test"]
    assert ((test["target"] - test["prediction"]) ** 2).mean() == pytest.approx(metrics["test_mse"])

    kept = manifests(tmp_path / "checkpoints")
    assert 2 <= len(kept) <= 3
    assert [one["best"] for one in kept].count(True) >= 1
    listed = {name for one in kept for name in one["files"]}
    assert listed == {p.name for p in (tmp_path / "checkpoints").iterdir() if not p.name.endswith(".json")}

    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("epoch ")]
    assert len(lines) == 12
    assert "val_spearman" in lines[0]
    assert "ETA" in lines[0]


def test_a_table_of_another_lab_trains_by_naming_its_columns(
    configured: Compose, tmp_path: Path, gb1_rows: Rows
) -> None:
    path = tmp_path / "other.tsv"
    lines = ["variant aa\tkd (nM)"] + [f"{row['sequence']}\t{row['target']}" for row in gb1_rows]
    path.write_text("\n".join(lines))
    metrics = train(
        configured(
            f"data.path={path}",
            "data.columns.sequence=variant aa",
            "data.columns.target='kd (nM)'",
            "model=ridge",
        )
    )
    assert metrics["test_spearman"] > 0.3


@pytest.mark.parametrize("model", ["cnn", "logistic"])
def test_classification(model: str, configured: Compose, tmp_path: Path) -> None:
    data = Path(__file__).parents[2] / "data/amp_modlamp/anticancer.csv"
    sizes = ["model.net.filters=32", "model.net.hidden=64"] if model == "cnn" else []
    metrics = train(
        configured(
            f"data.path={data}",
            "task=classification",
            f"model={model}",
            "trainer.max_epochs=15",
            "monitor=val_mcc",
            "monitor_mode=max",
            *sizes,
        )
    )
    assert {"test_accuracy", "test_mcc", "test_auroc", "test_f1_macro"} <= set(metrics)
    assert metrics["test_auroc"] > 0.7
    table = read_predictions(tmp_path / "out").table
    assert list(table)[-2:] == ["probability_0", "probability_1"]


def test_fasta_with_targets_in_its_headers(configured: Compose, tmp_path: Path, gb1_rows: Rows) -> None:
    path = tmp_path / "data.fasta"
    entries = [
        f">v{n} TARGET={row['target']} SET={row['set']} VALIDATION={row['validation']}\n{row['sequence']}\n"
        for n, row in enumerate(gb1_rows)
    ]
    path.write_text("".join(entries))
    assert train(configured(f"data.path={path}", "model=ridge"))["test_spearman"] > 0.3


def test_early_stopping_and_accumulated_gradients(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    train(
        configured(
            f"data.path={write_csv(gb1_rows)}",
            "trainer.max_epochs=50",
            "trainer.accumulate_grad_batches=2",
            "trainer.gradient_clip_val=1.0",
            "callbacks.early_stopping.patience=1",
            "model.optimizer.lr=0.0",
            *[override for override in SMALL if "lr" not in override],
        )
    )
    last = manifests(tmp_path / "checkpoints")[-1]
    assert last["epoch"] == 1, "without learning, nothing improves after the first epoch"
    assert last["step"] == 2 * 7, "222 rows are 14 batches, 7 steps an epoch"


class StopAt(pl.Callback):
    """Sends this process SIGTERM at a step, as a platform would at any moment."""

    def __init__(self, step: int) -> None:
        self._step = step

    def on_train_batch_start(self, trainer: pl.Trainer, *_: object) -> None:
        if trainer.global_step == self._step:
            os.kill(os.getpid(), signal.SIGTERM)


def final_weights(folder: Path) -> dict[str, torch.Tensor]:
    newest = newest_checkpoint(str(folder))
    assert newest is not None
    state: dict[str, torch.Tensor] = torch.load(newest, weights_only=True)["state_dict"]
    return state


@pytest.mark.parametrize(
    ("step", "saved", "where"),
    [(17, 18, "in an epoch"), (27, 28, "at the last batch, after its validation"), (0, 1, "at once")],
)
def test_a_run_ended_by_sigterm_and_resumed_ends_as_an_undisturbed_one(
    step: int,
    saved: int,
    where: str,
    configured: Compose,
    write_csv: WriteCsv,
    gb1_rows: Rows,
    tmp_path: Path,
) -> None:
    common = [f"data.path={write_csv(gb1_rows)}", "trainer.max_epochs=3", "model.net.dropout=0.2", *SMALL]
    whole = train(configured(*common, f"checkpoint_dir={tmp_path}/whole"))

    stop = f"+callbacks.stop={{_target_: {__name__}.StopAt, step: {step}}}"
    with pytest.raises(Terminated, match=f"step {saved}"):
        train(configured(*common, f"checkpoint_dir={tmp_path}/first", stop))
    assert manifests(tmp_path / "first")[-1]["step"] == saved, where

    resumed = train(configured(*common, f"checkpoint_dir={tmp_path}/second", f"resume_dir={tmp_path}/first"))
    assert resumed == whole
    one, other = final_weights(tmp_path / "whole"), final_weights(tmp_path / "second")
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_resumed_run_needs_only_the_files_of_the_newest_manifest(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    # With the largest loss as the best, the first epoch stays it: its weights come from the other attempt.
    common = [f"data.path={write_csv(gb1_rows)}", "trainer.max_epochs=3", "monitor_mode=max", *SMALL]
    whole = train(configured(*common, f"checkpoint_dir={tmp_path}/whole"))
    assert [path.name for path in (tmp_path / "whole").glob("best-*")] == ["best-000000014.safetensors"]
    stop = f"+callbacks.stop={{_target_: {__name__}.StopAt, step: 17}}"
    with pytest.raises(Terminated):
        train(configured(*common, f"checkpoint_dir={tmp_path}/first", stop))
    newest = manifests(tmp_path / "first")[-1]
    (tmp_path / "copied").mkdir()
    (tmp_path / "copied/a.manifest.json").write_text(json.dumps(newest))
    for name in newest["files"]:
        shutil.copy(tmp_path / "first" / name, tmp_path / "copied")
    shutil.rmtree(tmp_path / "first")

    assert train(configured(*common, f"resume_dir={tmp_path}/copied")) == whole
