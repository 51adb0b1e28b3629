"""Metrics of training, sent to the run's record."""

from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback
from torch import Tensor

from proteinlab.training.callbacks.progress import loss_of
from proteinlab.training.recipe import total_steps
from proteinlab.training.tracking import Record

_MOST_POINTS = 5000


class RecordMetrics(Callback):
    """Loss and learning rate every `trainer.log_every_n_steps`, validation scores each time they are made.

    Long runs are thinned to 5,000 steps, evenly and the same in a resumed run.

    Lightning's own logger would be slower per step, and its MLflow logger closes the run when fit ends.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._step = 0
        self._interval = 1
        self._loss: Tensor | None = None  # of the step so far: its batches' shares add up to its mean

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        if pl_module.automatic_optimization:  # a model that is solved exactly takes no steps
            self._interval = max(trainer.log_every_n_steps, total_steps(trainer) // _MOST_POINTS)

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        loss = loss_of(outputs)
        self._loss = loss if self._loss is None else self._loss + loss
        step = trainer.global_step  # stands still while gradients accumulate
        if step == self._step:
            return
        if trainer.is_global_zero and step % self._interval == 0:
            rate = trainer.optimizers[0].param_groups[0]["lr"]
            self._record.metrics({"train_loss": self._loss.item(), "learning_rate": rate}, step)
        self._step, self._loss = step, None

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        values = {name: value.item() for name, value in trainer.callback_metrics.items()}
        self._record.metrics(values | {"epoch": float(trainer.current_epoch)}, trainer.global_step)
        self._record.flush()

    def on_exception(self, trainer: pl.Trainer, pl_module: pl.LightningModule, exception: BaseException) -> None:
        self._record.flush()
