"""How a network is trained and judged: the Lightning modules."""

import math
from collections.abc import Callable
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from proteinlab.training.encoded import Batch
from proteinlab.training.errors import UserError
from proteinlab.training.fused import fused_on_cpu
from proteinlab.training.inference import forward_rows
from proteinlab.training.models.network import Shape
from proteinlab.training.processes import gathered
from proteinlab.training.tasks import Task
from proteinlab.training.weights import frozen_names

Seen = tuple[Tensor, Tensor, Tensor]  # sample, outputs and target of some rows


class Recipe(pl.LightningModule):
    """A network under a task: validation scores the whole set at once, over all processes."""

    def __init__(self, net: Callable[..., nn.Module], task: Task, length: int) -> None:
        super().__init__()
        self.net = net(shape=Shape(task.outputs, length, task.level))
        self.task = task
        self._seen: list[Seen] = []
        longest = getattr(self.net, "longest", None)
        if longest is not None and length > longest:
            raise UserError(
                "sequence_too_long",
                f"The longest sequence has {length} residues, this model takes at most {longest}: set data.region, "
                "remove such sequences or take another model. Nothing is cut in silence.",
            )

    @property
    def strict_loading(self) -> bool:
        return not frozen_names(self)  # checkpoints leave those out

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        data = self.trainer.datamodule
        checkpoint["batches"] = {"cut": data.cut, "size": data.rule.size}
        if "current_model_state" not in checkpoint:  # an averaging callback loads the whole
            for name in frozen_names(self):
                del checkpoint["state_dict"][name]

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Lightning counts batches: after others were cut, as many as make the same steps."""
        progress = checkpoint["loops"]["fit_loop"]["epoch_loop.batch_progress"]
        for counts in (progress["total"], progress["current"]):
            open_ones = counts["processed"] - counts["completed"]  # 1 while its hooks run
            for name in ("ready", "started", "processed"):
                counts[name] = counts[name] * self.trainer.datamodule.cut // checkpoint["batches"]["cut"]
            counts["completed"] = counts["processed"] - open_ones

    def forward(self, batch: Batch) -> Tensor:
        return forward_rows(self.net, batch)

    def validation_step(self, batch: Batch) -> None:
        if batch["weight"]:  # else it only fills up
            outputs = self(batch).float()
            index = batch["index"].repeat_interleave(batch["counts"]) if "counts" in batch else batch["index"]
            self._seen.append((index.cpu(), outputs.cpu(), batch["target"].cpu()))

    def on_validation_epoch_end(self) -> None:
        every = [seen for mine in gathered(self._seen) for seen in mine]
        self._seen = []
        sample, outputs, targets = (torch.cat(part) for part in zip(*every, strict=True))
        order = torch.argsort(sample, stable=True)  # the same sums, whoever computed what
        outputs, targets = outputs[order], targets[order]
        scores = self.task.score(outputs.double().numpy(), targets.numpy())
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
        return self.task.loss(self(batch).float(), batch["target"]) * batch["weight"]

    def configure_optimizers(self) -> Any:
        learned = [p for p in self.parameters() if p.requires_grad]
        optimizer = self._make_optimizer(learned, **fused_on_cpu(self._make_optimizer, self.trainer))
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
        if self.net.kind != task.kind:
            raise UserError("wrong_task", f"This model is solved for task={self.net.kind}, not task={task.kind}.")

    def on_train_start(self) -> None:
        whole = self.trainer.datamodule.whole("train")
        inputs = [whole[name] for name in ("tokens", "partner") if name in whole]
        self.net.solve(inputs, whole["target"].numpy())  # type: ignore[operator]

    def training_step(self, batch: Batch) -> Tensor:
        with torch.no_grad():
            return self.task.loss(self(batch), batch["target"])

    def on_validation_epoch_end(self) -> None:
        super().on_validation_epoch_end()
        self.trainer.should_stop = True

    def configure_optimizers(self) -> None:
        return None
