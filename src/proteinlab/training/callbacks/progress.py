"""One line an epoch for a person who watches the log."""

import time
from collections.abc import Mapping
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Callback
from torch import Tensor


class Progress(Callback):
    """Prints loss, validation metrics, speed and the time left; within long epochs every `every_seconds`."""

    def __init__(self, metrics: list[str], every_seconds: float) -> None:
        self._metrics = metrics
        self._every_seconds = every_seconds
        self._loss: Tensor | None = None
        self._batches = 0
        self._first_epoch = 0
        self._began = self._epoch_began = self._said = 0.0

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        self._first_epoch = trainer.current_epoch
        self._began = self._epoch_began = self._said = time.monotonic()  # a resumed epoch has no other start

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        self._epoch_began = self._said = time.monotonic()
        self._loss, self._batches = None, 0

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        loss = loss_of(outputs)
        self._loss = loss.clone() if self._loss is None else self._loss.add_(loss)  # no wait for the GPU
        self._batches += 1
        if time.monotonic() - self._said > self._every_seconds:
            self._say(trainer, f"step {batch_idx + 1}/{trainer.num_training_batches}")

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        now = time.monotonic()
        done = trainer.current_epoch + 1 - self._first_epoch
        left = 0 if trainer.should_stop else (trainer.max_epochs or 0) - trainer.current_epoch - 1
        remaining = (now - self._began) / done * left
        shown = _shown(self._metrics, trainer.callback_metrics)
        self._say(trainer, f"{shown}  {now - self._epoch_began:.1f} s  ETA {_duration(remaining)}")

    def _say(self, trainer: pl.Trainer, text: str) -> None:
        self._said = time.monotonic()
        if trainer.is_global_zero:
            # The shares of accumulated batches add up to the mean of their step.
            steps = self._batches / trainer.accumulate_grad_batches
            loss = float("nan") if self._loss is None else self._loss.item() / steps
            epoch = f"epoch {trainer.current_epoch + 1}/{trainer.max_epochs}"
            print(f"{epoch}  loss {loss:.4f}  {text}", flush=True)


def loss_of(outputs: Any) -> Tensor:
    loss: Tensor = outputs["loss"] if isinstance(outputs, Mapping) else outputs
    return loss.detach() if isinstance(loss, Tensor) else torch.tensor(loss)


def _shown(names: list[str], values: Mapping[str, Tensor]) -> str:
    return "  ".join(f"{name} {values[name].item():.4f}" for name in names if name in values)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
