"""Batches from sequences held in memory, and where in them a run stands."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from proteinlab.training.alphabet import PAD, Tokens

Batch = dict[str, Tensor]


@dataclass(frozen=True)
class Encoded:
    """Sequences laid end to end: `flat` (residues,); `starts`, `lengths` and `targets` (samples,)."""

    flat: Tokens
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    targets: npt.NDArray[Any]

    @classmethod
    def from_tokens(cls, tokens: Sequence[Tokens], targets: npt.NDArray[Any]) -> "Encoded":
        lengths = np.array([len(one) for one in tokens], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        return cls(np.concatenate(tokens), starts, lengths, targets)

    def __len__(self) -> int:
        return len(self.lengths)

    def batch(self, index: npt.NDArray[np.int64]) -> Batch:
        """tokens (batch, longest) padded with PAD, target (batch,), index (batch,)."""
        lengths = self.lengths[index]
        column = np.arange(lengths.max())
        place = self.starts[index][:, None] + column
        inside = column < lengths[:, None]
        tokens = np.where(inside, self.flat[np.where(inside, place, 0)], np.uint8(PAD))
        return {
            "tokens": torch.from_numpy(tokens),
            "target": torch.from_numpy(self.targets[index]),
            "index": torch.from_numpy(index),
        }


class Batches:
    """The batches of one split for one process. Iterating mid-epoch goes on where the state says.

    Each epoch's order depends on seed and epoch alone. With `world` processes, rank r takes every
    world-th sample; the tail is filled up from the start, so all make the same number of steps.
    """

    batch_sampler = None

    def __init__(
        self, data: Encoded, *, batch_size: int, shuffle: bool, seed: int, rank: int = 0, world: int = 1
    ) -> None:
        self._data = data
        self._batch_size = batch_size
        self._shuffle = shuffle
        self._seed = seed
        self._rank = rank
        self._world = world
        self._epoch = 0
        self._done = 0  # batches of this epoch handed out
        self._resume_at: tuple[int, int] | None = None

    @property
    def sampler(self) -> "Batches":
        """Where Lightning looks for `set_epoch`."""
        return self

    def set_epoch(self, epoch: int) -> None:
        self._epoch = epoch

    def __len__(self) -> int:
        mine = math.ceil(len(self._data) / self._world)
        return math.ceil(mine / self._batch_size)

    def __iter__(self) -> Iterator[Batch]:
        order = self._order()
        first = 0
        if self._resume_at is not None and self._resume_at[0] == self._epoch:
            first = self._resume_at[1]
        self._resume_at = None
        for number in range(first, len(self)):
            self._done = number + 1
            start = number * self._batch_size
            yield self._data.batch(order[start : start + self._batch_size])

    def _order(self) -> npt.NDArray[np.int64]:
        count = len(self._data)
        order = np.arange(count)
        if self._shuffle:
            order = np.random.default_rng([self._seed, self._epoch]).permutation(count)
        missing = -count % self._world
        return np.concatenate([order, order[:missing]])[self._rank :: self._world]

    def state_dict(self) -> dict[str, int]:
        return {"epoch": self._epoch, "done": self._done}

    def load_state_dict(self, state: dict[str, int]) -> None:
        self._resume_at = (state["epoch"], state["done"])
