"""Arrays of unequal lengths, laid end to end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from proteinlab.training.outputs import Index


@dataclass(frozen=True)
class Ragged:
    """`flat` holds the items of all; `starts` and `lengths` say where each one's lie."""

    flat: npt.NDArray[Any]
    starts: Index
    lengths: Index

    @classmethod
    def of(cls, arrays: Sequence[npt.NDArray[Any]]) -> "Ragged":
        flat = np.concatenate(arrays) if arrays else np.zeros(0)
        return cls.from_lengths(flat, np.array([len(one) for one in arrays], dtype=np.int64))

    @classmethod
    def from_lengths(cls, flat: npt.NDArray[Any], lengths: Index) -> "Ragged":
        return cls(flat, np.cumsum(lengths) - lengths, lengths)

    def __len__(self) -> int:
        return len(self.lengths)

    def only(self, index: Index) -> "Ragged":
        """Some of them; `flat` stays whole."""
        return Ragged(self.flat, self.starts[index], self.lengths[index])

    def padded(self, index: Index, fill: int) -> npt.NDArray[Any]:
        """(index, longest), filled up at the end."""
        lengths = self.lengths[index]
        column = np.arange(lengths.max())
        place = self.starts[index][:, None] + column
        inside = column < lengths[:, None]
        padded: npt.NDArray[Any] = np.where(inside, self.flat[np.where(inside, place, 0)], self.flat.dtype.type(fill))
        return padded

    def items(self, index: Index) -> Index:
        """Where in `flat` the items of those lie, one after the other."""
        lengths = self.lengths[index]
        ends = np.cumsum(lengths)
        shift = np.repeat(self.starts[index] - ends + lengths, lengths)
        return shift + np.arange(len(shift))

    def owners(self) -> Index:
        """For each item, which one it belongs to."""
        return np.repeat(np.arange(len(self)), self.lengths)
