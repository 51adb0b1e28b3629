"""How a network is trained and judged: the Lightning modules."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from proteinlab.training.batches import Batch
from proteinlab.training.errors import UserError
from proteinlab.training.tasks import Task


class Recipe(pl.LightningModule):
    """A network under a task: validation scores the whole set at once, over all processes."""

    def __init__(self, net: Callable[..., nn.Module], task: Task, length: int) -> None:
        super().__init__()
        self.net = net(outputs=task.outputs, length=length)
        self.task = task
        self._outputs: list[tuple[Tensor, Tensor, Tensor]] = []

    def forward(self, batch: Batch) -> Tensor:
        outputs: Tensor = self.net(batch["tokens"])
        return outputs

    def validation_step(self, batch: Batch) -> None:
        self._outputs.append((batch["index"], self(batch).float(), batch["target"]))

    def on_validation_epoch_end(self) -> None:
        index, outputs, targets = (torch.cat(part) for part in zip(*self._outputs, strict=True))
        self._outputs.clear()
        if self.trainer.world_size > 1:
            gathered: list[Any] = [self.all_gather(part).flatten(0, 1) for part in (index, outputs, targets)]
            index, outputs, targets = gathered
        _, first = np.unique(index.cpu().numpy(), return_index=True)  # the filled-up tail comes twice
        keep = torch.from_numpy(first).to(outputs.device)
        outputs, targets = outputs[keep], targets[keep]
        scores = self.task.score(outputs.double().cpu().numpy(), targets.cpu().numpy())
        scores["loss"] = float(self.task.loss(outputs, targets))
        self.log_dict({f"val_{name}": value for name, value in scores.items()}, rank_zero_only=False)


class GradientRecipe(Recipe):
    """Trained by an optimizer, with a learning rate scheduled over the steps of the whole run."""

    def __init__(
        self,
        *,
        net: Callable[..., nn.Module],
        optimizer: Callable[..., Optimizer],
        scheduler: Callable[..., LRScheduler],
        task: Task,
        length: int,
    ) -> None:
        super().__init__(net, task, length)
        self._make_optimizer = optimizer
        self._make_scheduler = scheduler

    def training_step(self, batch: Batch) -> Tensor:
        return self.task.loss(self(batch), batch["target"])

    def configure_optimizers(self) -> Any:
        optimizer = self._make_optimizer(p for p in self.parameters() if p.requires_grad)
        scheduler = self._make_scheduler(optimizer, total_steps=total_steps(self.trainer))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}


def total_steps(trainer: pl.Trainer) -> int:
    """Optimizer steps of a whole run. Raises UserError no_end.

    `trainer.estimated_stepping_batches` would set up the batches before a checkpoint has told them where to
    go on, and a resumed epoch would then begin at its start.
    """
    batches = len(trainer.datamodule.train_dataloader())
    limit = trainer.limit_train_batches
    batches = min(batches, limit) if isinstance(limit, int) else int(batches * limit)
    each_epoch = math.ceil(batches / trainer.accumulate_grad_batches)
    bounds: list[int] = [each_epoch * trainer.max_epochs] if (trainer.max_epochs or 0) > 0 else []
    bounds += [trainer.max_steps] if trainer.max_steps > 0 else []
    if not bounds:
        raise UserError("no_end", "Training needs an end: set trainer.max_epochs or trainer.max_steps.")
    return min(bounds)


class ExactRecipe(Recipe):
    """Solved at once from the whole training set by the network's own `solve`; its epoch only measures."""

    def __init__(self, net: Callable[..., nn.Module], task: Task, length: int) -> None:
        super().__init__(net, task, length)
        self.automatic_optimization = False
        if self.net.question != task.question:
            raise UserError(
                "wrong_task", f"This model is solved for task={self.net.question}, not task={task.question}."
            )

    def on_train_start(self) -> None:
        whole = self.trainer.datamodule.whole("train")
        self.net.solve(whole["tokens"], whole["target"].numpy())  # type: ignore[operator]

    def training_step(self, batch: Batch) -> Tensor:
        with torch.no_grad():
            return self.task.loss(self(batch), batch["target"])

    def on_validation_epoch_end(self) -> None:
        super().on_validation_epoch_end()
        self.trainer.should_stop = True

    def configure_optimizers(self) -> None:
        return None
