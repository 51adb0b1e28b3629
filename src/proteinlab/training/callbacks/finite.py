"""A loss that is no number ends the run while its last checkpoint is still good."""

import math
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback
from torch import Tensor

from proteinlab.training.callbacks.progress import loss_of
from proteinlab.training.errors import UserError


class FiniteLoss(Callback):
    """Looks at the loss of every batch, and every `every_steps` batches at what it saw: that waits for the GPU.

    It also looks before each checkpoint, so none is written of weights that a broken loss has reached. All
    processes stop together.
    """

    def __init__(self, every_steps: int) -> None:
        self._every_steps = every_steps
        self._sum: Tensor | None = None

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        loss = loss_of(outputs)
        self._sum = loss if self._sum is None else self._sum + loss  # no number once any of them was none
        if (batch_idx + 1) % self._every_steps == 0:
            self.check(trainer)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        self.check(trainer)

    def check(self, trainer: pl.Trainer) -> None:
        """All processes must call it. Raises UserError diverged."""
        broken = self._sum is not None and not math.isfinite(self._sum.item())
        self._sum = None
        if trainer.world_size > 1:
            broken = trainer.strategy.reduce_boolean_decision(broken, all=False)
        if broken:
            raise UserError(
                "diverged",
                f"The training loss became infinite or not a number by step {trainer.global_step}; the last "
                "checkpoint, from before, stands. Lower model.optimizer.lr, set trainer.gradient_clip_val=1.0, or use "
                "trainer.precision=32-true.",
            )
