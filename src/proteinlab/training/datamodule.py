"""The Lightning side of the data: encoded splits, one place that makes their batches."""

import numpy as np
import pytorch_lightning as pl
import torch

from proteinlab.training.batches import Batches
from proteinlab.training.encoded import Batch, Encoded
from proteinlab.training.inference import batch_to
from proteinlab.training.plans import FixedSize, Plan, TokenBudget
from proteinlab.training.rows import Rows
from proteinlab.training.samples import Samples
from proteinlab.training.splits import SPLITS, Split
from proteinlab.training.tasks import Task

# Evaluation keeps no gradients, so a batch of it may be larger.
_EVALUATION_FACTOR = 4


class SequenceDataModule(pl.LightningDataModule):
    """Reads the targets of all splits at once, so that a bad one is found before training.

    `rows` are the file's words and `encoded` the arrays of each split; the task is fitted on the training rows.
    """

    def __init__(self, samples: Samples, task: Task, seed: int) -> None:
        super().__init__()
        self._seed = seed
        self.rule = samples.batch
        self.cut = 1
        """Into how many parts each batch is cut, for want of memory; the trainer accumulates as many times more."""
        self.rows: dict[Split, Rows] = {split: samples.rows(task.level, split) for split in SPLITS}
        task.fit(self.rows["train"])
        self.encoded = {split: encoded_split(samples, task, split, self.rows[split]) for split in SPLITS}
        left_out = len(self.encoded["train"]) - len(self.encoded["train"].having_rows())
        if left_out:
            print(f"left out of training: {left_out} sequences without a residue that counts", flush=True)

    def train_dataloader(self) -> Batches:
        data = self.encoded["train"].having_rows()
        return Batches(data, self._training_plan(), shuffle=True, accumulate=self._accumulated, **self._place())

    def val_dataloader(self) -> Batches:
        data, parts = self.encoded["val"], self.trainer.world_size
        size = max(1, self.rule.known * _EVALUATION_FACTOR // self.cut)
        plan = self._plan(data, size, parts, alone=True)
        return Batches(data, plan, shuffle=False, **self._place())

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, dataloader_idx: int) -> Batch:
        """As Lightning's, which looks through all of a batch for things to move, also where it is there already."""
        del dataloader_idx
        return batch if batch["tokens"].device == device else batch_to(batch, device)

    def may_cut(self) -> bool:
        """Whether some batch has two samples or more, and so could be halved."""
        largest = max(len(step) for step in self._training_plan().steps(None))
        return largest > int(self.trainer.world_size) * self._accumulated

    def whole(self, split: Split) -> Batch:
        """A split as one batch."""
        encoded = self.encoded[split]
        return encoded.batch(np.arange(len(encoded)))

    @property
    def _accumulated(self) -> int:
        accumulated: int = self.trainer.accumulate_grad_batches
        return accumulated

    def _training_plan(self) -> Plan:
        """The same however often batches were cut."""
        parts = self.trainer.world_size * self._accumulated // self.cut
        return self._plan(self.encoded["train"].having_rows(), self.rule.known, parts)

    def _plan(self, data: Encoded, size: int, parts: int, alone: bool = False) -> Plan:
        if self.rule.unit == "tokens":
            return TokenBudget(data.lengths, size, parts, alone)
        return FixedSize(len(data), size * parts)

    def _place(self) -> dict[str, int]:
        return {"seed": self._seed, "rank": self.trainer.global_rank, "world": self.trainer.world_size}


def encoded_split(samples: Samples, task: Task, split: Split, rows: Rows) -> Encoded:
    index = samples.indices(split)
    partners = samples.partner_tokens
    return Encoded.of(
        [samples.tokens[i] for i in index],
        task.level,
        partners=None if partners is None else [partners[i] for i in index],
        rows=rows,
        targets=task.encode(rows),
        first=samples.region.first,
    )
