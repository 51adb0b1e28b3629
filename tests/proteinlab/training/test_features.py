"""What a training run can do besides: averages of weights, precision, memory that runs out, a loss that breaks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pytorch_lightning as pl
import torch
from omegaconf import DictConfig
from safetensors.torch import load_file
from torch import Tensor

from proteinlab.predictions.reading import read_predictions
from proteinlab.training import train
from proteinlab.training.callbacks.checkpoints import newest_checkpoint
from proteinlab.training.errors import UserError
from proteinlab.training.models.cnn import ConvolutionEncoder
from proteinlab.training.models.network import Network, Shape

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]

SMALL = ["model.net.filters=8", "model.net.hidden=16", "model.optimizer.lr=0.01", "data.batch_size=16"]


class Limited(ConvolutionEncoder):
    """Has memory for so many tokens in training; counts the batches that it saw."""

    def __init__(self, most_tokens: int) -> None:
        super().__init__(8, 5, 16)
        self.most_tokens = most_tokens
        self.seen: list[int] = []

    def forward(self, tokens: Tensor) -> Tensor:
        if tokens.numel() > self.most_tokens * (1 if self.training else 4):
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate more than this test allows.")
        return super().forward(tokens)


def limited(*, shape: Shape, most_tokens: int) -> Network:
    return Network(Limited(most_tokens), shape, "max", 0.0)


LIMITED = [
    "~model.net.filters",
    "~model.net.kernel_size",
    "~model.net.hidden",
    "~model.net.pooling",
    "~model.net.dropout",
]


def with_memory_for(tokens: int) -> list[str]:
    return [*LIMITED, f"model.net._target_={__name__}.limited", f"+model.net.most_tokens={tokens}"]


def final_weights(folder: Path) -> dict[str, Tensor]:
    newest = newest_checkpoint(str(folder))
    assert newest is not None
    state: dict[str, Tensor] = torch.load(newest, weights_only=True)["state_dict"]
    return state


@pytest.mark.parametrize("every_seconds", [300, 0])
def test_out_of_memory_cuts_batches_and_keeps_the_steps(
    every_seconds: int,
    configured: Compose,
    write_csv: WriteCsv,
    gb1_rows: Rows,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The longest come late in this order of batches, so checkpoints of whole batches are gone on from in halves."""
    short = [row | {"sequence": row["sequence"][: 20 + number % 3]} for number, row in enumerate(gb1_rows[::2])]
    train_rows = [number for number, row in enumerate(short) if row["set"] == "train" and row["validation"] == "False"]
    short[train_rows[7]]["sequence"] = gb1_rows[0]["sequence"]
    common = [f"data.path={write_csv(short)}", "data.batch_size=16", "model.optimizer.lr=0.01", "trainer.max_epochs=3"]
    common += [f"callbacks.checkpoints.every_seconds={every_seconds}"]
    whole = train(configured(*common, *with_memory_for(100_000), f"checkpoint_dir={tmp_path}/whole"))
    cut = train(configured(*common, *with_memory_for(500), f"checkpoint_dir={tmp_path}/cut"))
    said = capsys.readouterr().out
    assert "batches are cut into 2" in said
    assert ("from the start" in said) == (every_seconds == 300)
    for name in ("best_val_mse", "test_mse"):
        assert cut[name] == pytest.approx(whole[name], rel=1e-4)
    one, other = final_weights(tmp_path / "whole"), final_weights(tmp_path / "cut")
    for name in one:
        torch.testing.assert_close(one[name], other[name], rtol=1e-3, atol=1e-5)


def test_a_loss_is_the_mean_of_its_step_however_it_is_cut(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    common = [f"data.path={write_csv(gb1_rows)}", "trainer.max_epochs=1", *SMALL]
    train(configured(*common))
    train(configured(*common, "data.batch_size=4", "trainer.accumulate_grad_batches=4"))
    one, other = (line.split("loss ")[1] for line in capsys.readouterr().out.splitlines() if line.startswith("epoch 1"))
    assert one.split()[0] == other.split()[0]


def test_a_sequence_alone_is_too_much(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    with pytest.raises(UserError, match="one sequence already") as caught:
        train(configured(f"data.path={write_csv(gb1_rows)}", "data.batch_size=4", *with_memory_for(50)))
    assert caught.value.code == "out_of_memory"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (["data.batch_size=0"], "batches of 8 samples"),
        (["data.batch_size=null", "data.batch_tokens=0"], "batches of 448 tokens"),
    ],
)
def test_the_batch_is_as_large_as_memory_allows(
    setting: list[str],
    said: str,
    configured: Compose,
    write_csv: WriteCsv,
    gb1_rows: Rows,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    common = [f"data.path={write_csv(gb1_rows)}", "trainer.max_epochs=1", *setting]
    train(configured(*common, *with_memory_for(14 * 56)))
    assert said in capsys.readouterr().out
    resumed = [f"resume_dir={tmp_path}/checkpoints", f"checkpoint_dir={tmp_path}/second", "trainer.max_epochs=2"]
    train(configured(*common[:1], *setting, *with_memory_for(5 * 56 * 2), *resumed))
    assert said in capsys.readouterr().out, "a resumed run keeps its batches"


class BrokenLoss(pl.Callback):
    """Makes the network's output infinite from a step on, as a learning rate too high would."""

    def __init__(self, step: int) -> None:
        self._step = step

    def on_train_batch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule, *_: Any) -> None:
        if trainer.global_step == self._step:
            with torch.no_grad():
                pl_module.net.head.bias.fill_(torch.inf)


def test_a_broken_loss_ends_the_run_and_leaves_the_last_good_checkpoint(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    broken = f"+callbacks.broken={{_target_: {__name__}.BrokenLoss, step: 19}}"
    every = "callbacks.checkpoints.every_seconds=0"
    with pytest.raises(UserError, match="by step 20") as caught:
        train(configured(f"data.path={write_csv(gb1_rows)}", "trainer.max_epochs=9", broken, every, *SMALL))
    assert caught.value.code == "diverged"
    newest = max(
        (json.loads(path.read_text()) for path in (tmp_path / "checkpoints").glob("*.manifest.json")),
        key=lambda manifest: manifest["step"],
    )
    assert newest["step"] == 19
    assert all(torch.isfinite(part).all() for part in final_weights(tmp_path / "checkpoints").values())


@pytest.mark.parametrize("kind", ["ema", "swa"])
def test_averages_are_what_is_validated_kept_and_tested(
    kind: str, configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    data = f"data.path={write_csv(gb1_rows)}"
    setting = {"ema": "callbacks.averaging.decay=0.9", "swa": "callbacks.averaging.start=0.2"}[kind]
    common = [data, "trainer.max_epochs=6", *SMALL]
    averaged = train(configured(*common, f"callbacks={kind}", setting))
    plain = train(configured(*common, f"checkpoint_dir={tmp_path}/plain"))
    assert averaged["test_mse"] != plain["test_mse"]
    state = torch.load(str(newest_checkpoint(str(tmp_path / "checkpoints"))), weights_only=True)
    assert int(state["averaging_state"]["n_averaged"]) == {"ema": 6 * 14, "swa": 5}[kind]
    own, mean = state["current_model_state"], state["state_dict"]
    assert any(not torch.equal(own[name], mean[name]) for name in own)
    assert len(read_predictions(tmp_path / "out").table) == len(gb1_rows)
    for best in (tmp_path / "checkpoints").glob("best-*"):
        if state["loops"]["fit_loop"]["epoch_progress"]["total"]["completed"] == 6 and best.name.endswith(
            "84.safetensors"
        ):
            kept = load_file(best)
            assert all(torch.equal(kept[name], mean[f"net.{name}"]) for name in kept)


def test_before_the_first_average_the_weights_themselves_are_validated(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    common = [f"data.path={write_csv(gb1_rows)}", "trainer.max_epochs=4", *SMALL]
    late = train(configured(*common, "callbacks=swa", "callbacks.averaging.start=1.0"))
    assert late == train(configured(*common, f"checkpoint_dir={tmp_path}/plain"))


def test_half_precision_learns_as_well(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    common = [f"data.path={write_csv(gb1_rows)}", "trainer.max_epochs=8", *SMALL]
    full = train(configured(*common))
    half = train(configured(*common, "trainer.precision=bf16-mixed", f"checkpoint_dir={tmp_path}/half"))
    assert half["test_mse"] != full["test_mse"], "it was used"
    assert half["test_spearman"] == pytest.approx(full["test_spearman"], abs=0.05)
    assert {part.dtype for part in final_weights(tmp_path / "half").values()} == {torch.float32}


@pytest.mark.parametrize(("size", "accumulate"), [(8, 2), (4, 4)])
def test_accumulated_gradients_are_those_of_the_whole_batch(
    size: int, accumulate: int, configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    """Also in the epoch's last step, which has 14 samples where others have 16."""
    common = [f"data.path={write_csv(gb1_rows)}", "trainer.max_epochs=3", "trainer.gradient_clip_val=1.0", *SMALL]
    whole = train(configured(*common))
    parts = [f"data.batch_size={size}", f"trainer.accumulate_grad_batches={accumulate}"]
    cut = train(configured(*common, *parts, f"checkpoint_dir={tmp_path}/cut"))
    assert cut == pytest.approx(whole, rel=1e-4)


def test_batches_by_residues_learn(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    """Sequences of 20 to 56 residues, asked for what their composition tells."""
    cut = [row | {"sequence": row["sequence"][number % 37 :]} for number, row in enumerate(gb1_rows)]
    rows = [row | {"target": str(row["sequence"].count("T") / len(row["sequence"]))} for row in cut]
    by_residues = ["data.batch_size=null", "data.batch_tokens=900", "model.net.pooling=mean"]
    metrics = train(configured(f"data.path={write_csv(rows)}", "trainer.max_epochs=10", *SMALL, *by_residues))
    assert metrics["test_spearman"] > 0.4, "chance is within 0.1 of 0"


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        (["data.batch_tokens=900"], "batch_rule"),
        (["data.batch_size=null"], "batch_rule"),
        (["data.batch_size=-1"], "batch_rule"),
        (["data.batch_size=all"], "batch_rule"),
        (["data.batch_size=null", "data.batch_tokens=50"], "batch_tokens_too_small"),
    ],
)
def test_batches_that_make_no_sense(
    setting: list[str], code: str, configured: Compose, write_csv: WriteCsv, gb1_rows: Rows
) -> None:
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={write_csv(gb1_rows)}", *setting))
    assert caught.value.code == code
