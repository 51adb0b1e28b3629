"""Optimizer steps in one pass over the weights."""

import inspect
from collections.abc import Callable

import pytorch_lightning as pl
from pytorch_lightning.plugins.precision import MixedPrecision
from torch.optim import Optimizer


def fused_on_cpu(make: Callable[..., Optimizer], trainer: pl.Trainer) -> dict[str, bool]:
    """`fused=True` where torch would go over each weight a dozen times, and nobody has chosen between its ways.

    On a CPU each of those passes wakes and awaits all threads: a third of the time with one thread, and much less
    where others use the cores too. Not under mixed precision, where Lightning refuses to clip what is fused; on a
    GPU torch itself takes a way that is nearly as quick.
    """
    known = inspect.signature(make).parameters
    chosen = {name for name in ("fused", "foreach") if name in known and known[name].default is not None}
    mixed = isinstance(trainer.precision_plugin, MixedPrecision)
    if "fused" not in known or chosen or mixed or trainer.strategy.root_device.type != "cpu":
        return {}
    return {"fused": True}
