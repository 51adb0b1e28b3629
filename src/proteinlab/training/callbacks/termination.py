"""SIGTERM: save what there is, then go."""

import signal
import time
from types import FrameType
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import Callback

from proteinlab.training.callbacks.checkpoints import Checkpoints, may_save
from proteinlab.training.errors import Terminated


class Termination(Callback):
    """Ends training at the next step after SIGTERM, with a checkpoint of exactly that point.

    Validation has no such point: it may end, if it does so within `grace_seconds`; else the run ends there
    and resumes from the last checkpoint.
    """

    def __init__(self, grace_seconds: float) -> None:
        self._grace_seconds = grace_seconds
        self._received: float | None = None

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        # In place of Lightning's own handler, which would cut validation short and broadcasts from within
        # the handler. Lightning puts the handler from before back at the end of fit.
        signal.signal(signal.SIGTERM, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._received = time.monotonic()

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        if may_save(trainer, batch_idx) and self._stopping(trainer):
            self._stop(trainer)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        if self._stopping(trainer):
            self._stop(trainer)

    def on_validation_batch_end(  # noqa: PLR0917 - Lightning's signature
        self,
        trainer: pl.Trainer,
        pl_module: pl.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        if self._received is not None and time.monotonic() - self._received > self._grace_seconds:
            raise Terminated("validation took too long to wait for; the last checkpoint stands")

    def _stop(self, trainer: pl.Trainer) -> None:
        for callback in trainer.callbacks:
            if isinstance(callback, Checkpoints) and callback.saved_step != trainer.global_step:
                callback.save(trainer)
        raise Terminated(f"checkpoint written at step {trainer.global_step}")

    def _stopping(self, trainer: pl.Trainer) -> bool:
        received = self._received is not None
        if trainer.world_size == 1:
            return received
        return bool(trainer.strategy.reduce_boolean_decision(received, all=False))
