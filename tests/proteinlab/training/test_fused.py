from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import pytorch_lightning as pl
import torch
from omegaconf import DictConfig

from proteinlab.training import train
from proteinlab.training.fused import fused_on_cpu

Rows = list[dict[str, str]]
SMALL = ["model.net.filters=8", "model.net.hidden=16", "model.optimizer.lr=0.01", "trainer.max_epochs=3"]


@pytest.mark.parametrize(
    ("make", "fused"),
    [
        (partial(torch.optim.AdamW, lr=0.1), True),
        (partial(torch.optim.SGD, lr=0.1), True),
        (partial(torch.optim.AdamW, fused=False), False),
        (partial(torch.optim.AdamW, foreach=True), False),
        (partial(torch.optim.NAdam, lr=0.1), False),
    ],
)
def test_what_can_be_fused_is_unless_somebody_chose(make: Callable[..., torch.optim.Optimizer], fused: bool) -> None:
    how = fused_on_cpu(make, pl.Trainer(accelerator="cpu", logger=False))
    assert how == ({"fused": True} if fused else {})
    make([torch.nn.Parameter(torch.ones(3))], **how)


def test_the_weights_are_those_of_the_plain_step(
    configured: Callable[..., DictConfig], write_csv: Callable[[Rows], Path], gb1_rows: Rows, tmp_path: Path
) -> None:
    common = [f"data.path={write_csv(gb1_rows)}", *SMALL]
    fused = train(configured(*common))
    plain = train(configured(*common, "+model.optimizer.fused=false", f"checkpoint_dir={tmp_path}/plain"))
    assert fused == pytest.approx(plain, rel=1e-3)


def test_mixed_precision_with_clipping_still_works(
    configured: Callable[..., DictConfig], write_csv: Callable[[Rows], Path], gb1_rows: Rows
) -> None:
    """Lightning refuses to clip the gradients of a fused optimizer there."""
    mixed = ["trainer.precision=bf16-mixed", "trainer.gradient_clip_val=1.0"]
    metrics = train(configured(f"data.path={write_csv(gb1_rows)}", *SMALL, *mixed))
    assert metrics["test_spearman"] > 0
