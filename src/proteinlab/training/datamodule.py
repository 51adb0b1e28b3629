"""The Lightning side of the data: encoded splits, one place that makes their batches."""

import numpy as np
import pytorch_lightning as pl

from proteinlab.training.batches import Batches
from proteinlab.training.encoded import Batch, Encoded
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
        self._samples = samples
        self._seed = seed
        self.rows: dict[Split, Rows] = {split: samples.rows(task.level, split) for split in SPLITS}
        task.fit(self.rows["train"])
        self.encoded = {split: encoded_split(samples, task, split, self.rows[split]) for split in SPLITS}
        left_out = len(self.encoded["train"]) - len(self.encoded["train"].having_rows())
        if left_out:
            print(f"left out of training: {left_out} sequences without a residue that counts", flush=True)

    def train_dataloader(self) -> Batches:
        accumulate = self.trainer.accumulate_grad_batches
        data = self.encoded["train"].having_rows()
        plan = self._plan(data, self.trainer.world_size * accumulate)
        return Batches(data, plan, shuffle=True, accumulate=accumulate, **self._place())

    def val_dataloader(self) -> Batches:
        plan = self._plan(self.encoded["val"], self.trainer.world_size, _EVALUATION_FACTOR)
        return Batches(self.encoded["val"], plan, shuffle=False, **self._place())

    def whole(self, split: Split) -> Batch:
        """A split as one batch."""
        encoded = self.encoded[split]
        return encoded.batch(np.arange(len(encoded)))

    def _plan(self, data: Encoded, parts: int, factor: int = 1) -> Plan:
        if self._samples.batch_tokens is not None:
            return TokenBudget(data.lengths, self._samples.batch_tokens * factor, parts, alone=factor > 1)
        return FixedSize(len(data), (self._samples.batch_size or 1) * factor * parts)

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
