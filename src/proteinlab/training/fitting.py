"""Training proper: with the batch that fits, again with smaller ones where memory runs out."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig

from proteinlab.training.batch_size import chosen_rule
from proteinlab.training.building import build
from proteinlab.training.callbacks.checkpoints import Checkpoints, newest_checkpoint
from proteinlab.training.callbacks.record import RecordMetrics
from proteinlab.training.datamodule import SequenceDataModule
from proteinlab.training.errors import UserError
from proteinlab.training.memory import free_memory, is_out_of_memory
from proteinlab.training.recipe import Recipe
from proteinlab.training.tasks import Task
from proteinlab.training.tracking import Record
from proteinlab.training.unprofiled import Unprofiled


@dataclass(frozen=True)
class Fitted:
    """`recipe.net` has the best epoch's weights."""

    recipe: Recipe
    trainer: pl.Trainer
    seconds: float


def fit(cfg: DictConfig, task: Task, data: SequenceDataModule, length: int, record: Record) -> Fitted:
    """Train until the end, from `cfg.resume_dir` on if there is a checkpoint.

    Out of memory, it goes on from the last checkpoint with every batch cut in two and gradients accumulated
    over twice as many: the steps stay the same. Raises UserError: out_of_memory, auto_needs_one_process, and
    what callbacks raise.
    """
    started = time.monotonic()
    checkpoint = newest_checkpoint(cfg.resume_dir)
    while True:
        attempt = _Attempt(cfg, task, data, length, record)
        try:
            attempt.run(checkpoint)
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            attempt.check_another_is_possible(error)
        else:
            return Fitted(attempt.recipe, attempt.trainer, time.monotonic() - started)
        checkpoint = attempt.saved or checkpoint
        del attempt
        free_memory()
        data.cut *= 2
        where = "from the start" if checkpoint is None else f"from {checkpoint.name}"
        print(f"out of memory: batches are cut into {data.cut}, the steps stay; going on {where}", flush=True)
        record.batches_cut(data.cut)


class _Attempt:
    """A network, its trainer and their callbacks, all new: nothing of a failed attempt stays."""

    def __init__(self, cfg: DictConfig, task: Task, data: SequenceDataModule, length: int, record: Record) -> None:
        pl.seed_everything(cfg.seed, workers=True, verbose=False)
        self._data = data
        self.recipe: Recipe = build(cfg.model)(task=task, length=length)
        callbacks: dict[str, Any] = {name: build(one) for name, one in cfg.callbacks.items() if one}
        self._checkpoints: Checkpoints = callbacks["checkpoints"]
        self.trainer: pl.Trainer = build(cfg.trainer)(
            callbacks=[RecordMetrics(record), *callbacks.values()],
            accumulate_grad_batches=cfg.trainer.accumulate_grad_batches * data.cut,
            **({} if cfg.trainer.get("profiler") else {"profiler": Unprofiled()}),
        )

    def run(self, checkpoint: Path | None) -> None:
        self._find_batch_size(checkpoint)
        if checkpoint:
            self._checkpoints.adopt(checkpoint)
        self.trainer.fit(self.recipe, self._data, ckpt_path=checkpoint, weights_only=True)
        if self.trainer.is_global_zero:
            self._checkpoints.restore_best(self.recipe.net)

    @property
    def saved(self) -> Path | None:
        """Its last checkpoint."""
        return self._checkpoints.saved

    def check_another_is_possible(self, error: BaseException) -> None:
        """Raises UserError out_of_memory."""
        if self.trainer.world_size > 1:
            advice = "halve data.batch_size or data.batch_tokens and double trainer.accumulate_grad_batches"
        elif not self._data.may_cut():
            advice = "take a smaller model or cut the sequences by data.region: a batch is one sequence already"
        else:
            return
        raise UserError("out_of_memory", f"The device has too little memory for a batch: {advice}.") from error

    def _find_batch_size(self, checkpoint: Path | None) -> None:
        """A resumed run has the size that it began with: other batches would be another run."""
        rule = self._data.rule
        if rule.size is not None:
            return
        if self.trainer.world_size > 1:
            detail = "An automatic batch size is found by one process: give several a number."
            raise UserError("auto_needs_one_process", detail)
        if checkpoint:
            saved = torch.load(checkpoint, weights_only=True, mmap=True, map_location="cpu")["batches"]["size"]
            self._data.rule = rule.sized(saved)
        else:
            device = self.trainer.strategy.root_device
            self._data.rule = chosen_rule(rule, self.recipe, self._data.encoded["train"], device)
        print(f"batches of {self._data.rule.size} {rule.unit}", flush=True)
