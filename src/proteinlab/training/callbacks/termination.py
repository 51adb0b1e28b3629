"""SIGTERM: save what there is, then go."""

import signal
from types import FrameType
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback

from proteinlab.training.callbacks.checkpoints import Checkpoints
from proteinlab.training.errors import Terminated


class Termination(Callback):
    """Ends training at the next batch after SIGTERM, with a checkpoint of exactly that point.

    During validation there is no such point: the run ends at once and resumes from the last checkpoint.
    """

    def __init__(self) -> None:
        self._received = False

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        # After Lightning has put its own handler in place, which only tells the other ranks; it puts the
        # original one back at the end of fit.
        inner = signal.getsignal(signal.SIGTERM)

        def note(number: int, frame: FrameType | None) -> None:
            self._received = True
            if callable(inner):
                inner(number, frame)

        signal.signal(signal.SIGTERM, note)

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        if self._stopping(trainer):
            for callback in trainer.callbacks:
                if isinstance(callback, Checkpoints):
                    callback.save(trainer)
            raise Terminated(f"checkpoint written at step {trainer.global_step}")

    def on_validation_batch_end(
        self,
        trainer: pl.Trainer,
        pl_module: pl.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        if self._received:
            raise Terminated("during validation; the last checkpoint stands")

    def _stopping(self, trainer: pl.Trainer) -> bool:
        if trainer.world_size == 1:
            return self._received
        return bool(trainer.strategy.reduce_boolean_decision(self._received, all=False))
