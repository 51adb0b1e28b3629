"""Metrics of training, sent to the run's record."""

from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback

from proteinlab.training.callbacks.progress import loss_of
from proteinlab.training.tracking import Record


class RecordMetrics(Callback):
    """Loss and learning rate every `trainer.log_every_n_steps`, validation scores each time they are made.

    Lightning's own logger would be slower per step, and its MLflow logger closes the run when fit ends.
    """

    def __init__(self, record: Record) -> None:
        self._record = record

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        if trainer.is_global_zero and trainer.global_step % trainer.log_every_n_steps == 0:
            values = {"train_loss": loss_of(outputs).item()}
            if trainer.optimizers:
                values["learning_rate"] = trainer.optimizers[0].param_groups[0]["lr"]
            self._record.metrics(values, trainer.global_step)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        values = {name: value.item() for name, value in trainer.callback_metrics.items()}
        self._record.metrics(values | {"epoch": float(trainer.current_epoch)}, trainer.global_step)
        self._record.flush()

    def on_exception(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, exception: BaseException
    ) -> None:
        self._record.flush()
