"""The Lightning side of the data: encoded splits, one place that makes their batches."""

import numpy as np
import pytorch_lightning as pl

from proteinlab.training.batches import Batch, Batches, Encoded
from proteinlab.training.samples import Samples
from proteinlab.training.splits import SPLITS, Split
from proteinlab.training.tasks import Task

# Evaluation keeps no gradients, so a batch of it may be larger.
_EVALUATION_FACTOR = 4


class SequenceDataModule(pl.LightningDataModule):
    """Encodes the targets of all splits at once, so that a bad one is found before training."""

    def __init__(self, samples: Samples, task: Task, seed: int) -> None:
        super().__init__()
        self._batch_size = samples.batch_size
        self._seed = seed
        self.encoded: dict[Split, Encoded] = {}
        for split in SPLITS:
            index = samples.indices(split)
            targets = task.encode([samples.targets[i] for i in index], [samples.lines[i] for i in index])
            self.encoded[split] = Encoded.from_tokens([samples.tokens[i] for i in index], targets)

    def train_dataloader(self) -> Batches:
        return self._batches("train", self._batch_size, shuffle=True)

    def val_dataloader(self) -> Batches:
        return self._batches("val", self._batch_size * _EVALUATION_FACTOR, shuffle=False)

    def whole(self, split: Split) -> Batch:
        """A split as one batch."""
        encoded = self.encoded[split]
        return encoded.batch(np.arange(len(encoded)))

    def _batches(self, split: Split, batch_size: int, shuffle: bool) -> Batches:
        rank, world = (self.trainer.global_rank, self.trainer.world_size) if self.trainer else (0, 1)
        return Batches(self.encoded[split], batch_size, shuffle, self._seed, rank, world)
