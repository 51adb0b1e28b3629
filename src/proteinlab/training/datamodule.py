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
            tokens = [samples.tokens[index] for index in samples.indices(split)]
            self.encoded[split] = Encoded.from_tokens(tokens, task.encode(*samples.targets_of(split)))

    def train_dataloader(self) -> Batches:
        return self._batches("train", self._batch_size)

    def val_dataloader(self) -> Batches:
        return self._batches("val", self._batch_size * _EVALUATION_FACTOR)

    def whole(self, split: Split) -> Batch:
        """A split as one batch."""
        encoded = self.encoded[split]
        return encoded.batch(np.arange(len(encoded)))

    def _batches(self, split: Split, batch_size: int) -> Batches:
        return Batches(
            self.encoded[split],
            batch_size=batch_size,
            shuffle=split == "train",
            seed=self._seed,
            rank=self.trainer.global_rank,
            world=self.trainer.world_size,
        )
