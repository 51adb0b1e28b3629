"""Averages of the weights along training: validated, kept as the best and served in place of the last ones."""

from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import WeightAveraging
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


class Averaging(WeightAveraging):
    """Lightning's callback, but before the first average there is none: the weights themselves are validated."""

    def __init__(self, **how: Any) -> None:
        super().__init__(use_buffers=False, **how)  # buffers are tables here, which have no mean

    @property
    def averaged(self) -> nn.Module | None:
        """The module with averaged weights; None where there is no average yet."""
        model = self._average_model
        return None if model is None or not int(model.n_averaged) else model.module

    def on_validation_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        if self.averaged is not None:
            super().on_validation_epoch_start(trainer, pl_module)

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        if self.averaged is not None:
            super().on_validation_epoch_end(trainer, pl_module)

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        if self.averaged is not None:
            super().on_train_end(trainer, pl_module)


class ExponentialAverage(Averaging):
    """After each step, `decay` of the average and the rest of the weights (EMA)."""

    def __init__(self, decay: float) -> None:
        super().__init__(multi_avg_fn=get_ema_multi_avg_fn(decay))  # type: ignore[no-untyped-call]

    def should_update(self, step_idx: int | None = None, epoch_idx: int | None = None) -> bool:
        return step_idx is not None


class EpochAverage(Averaging):
    """The mean of the weights at the ends of epochs after the part `start` of the run (SWA, Izmailov et al. 2018)."""

    def __init__(self, start: float) -> None:
        super().__init__()
        self._start = start
        self._first_epoch = 0

    def setup(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        super().setup(trainer, pl_module, stage)
        self._first_epoch = round(self._start * (trainer.max_epochs or 0))

    def should_update(self, step_idx: int | None = None, epoch_idx: int | None = None) -> bool:
        return epoch_idx is not None and epoch_idx >= self._first_epoch


def net_to_keep(trainer: pl.Trainer, pl_module: pl.LightningModule) -> nn.Module:
    """The network whose validation score was just made."""
    for callback in trainer.callbacks:
        if isinstance(callback, Averaging) and callback.averaged is not None:
            return callback.averaged.get_submodule("net")
    own: nn.Module = pl_module.net
    return own
