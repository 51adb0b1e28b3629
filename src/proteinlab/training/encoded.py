"""Samples as arrays, and the batches made of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NotRequired, TypedDict

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from proteinlab.training.alphabet import PAD, Tokens
from proteinlab.training.outputs import Index
from proteinlab.training.ragged import Ragged
from proteinlab.training.rows import Level, Rows


class Batch(TypedDict):
    """`target` has an entry for each row: each sample, or each residue that counts, in the batch's order."""

    tokens: Tensor  # (batch, longest), padded with PAD
    partner: NotRequired[Tensor]  # (batch, longest partner): the second sequence of each pair
    place: NotRequired[Tensor]  # (rows,) where in the flattened tokens each row's residue stands
    counts: NotRequired[Tensor]  # (batch,) rows of each sample
    target: Tensor  # (rows, ...)
    index: Tensor  # (batch,) which samples these are
    weight: float  # of this batch's mean loss in its optimizer step


@dataclass(frozen=True)
class Encoded:
    """All that a network sees of some samples. `targets` (rows, ...) is empty where there are none."""

    tokens: Ragged
    partners: Ragged | None
    places: Ragged | None
    """For each sample the residues that count, from 0 within its tokens; None where a sample is one row."""
    targets: npt.NDArray[Any]
    first: int = 1
    """The residue of the whole sequence that the first token stands for."""

    @classmethod
    def of(
        cls,
        tokens: Sequence[Tokens],
        level: Level,
        *,
        partners: Sequence[Tokens] | None = None,
        rows: Rows | None = None,
        targets: npt.NDArray[Any] | None = None,
        first: int = 1,
    ) -> "Encoded":
        """Without `rows` every residue counts."""
        places = None
        if level == "residue":
            places = _every_place(tokens) if rows is None else _places(rows, len(tokens), first)
        return cls(
            Ragged.of(tokens),
            None if partners is None else Ragged.of(partners),
            places,
            np.zeros(len(tokens) if places is None else len(places.flat)) if targets is None else targets,
            first,
        )

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def lengths(self) -> Index:
        """Tokens of each sample, both sequences of a pair together."""
        return self.tokens.lengths if self.partners is None else self.tokens.lengths + self.partners.lengths

    @property
    def row_counts(self) -> Index:
        return np.ones(len(self), dtype=np.int64) if self.places is None else self.places.lengths

    def having_rows(self) -> "Encoded":
        """Without the samples that have no row, from which nothing is learned."""
        if self.places is None or self.places.lengths.all():
            return self
        keep = np.flatnonzero(self.places.lengths)
        return replace(self, tokens=self.tokens.only(keep), places=self.places.only(keep))

    def batch(self, index: Index, weight: float = 1.0) -> Batch:
        tokens = self.tokens.padded(index, PAD)
        rows = index if self.places is None else self.places.items(index)
        batch: Batch = {
            "tokens": torch.from_numpy(tokens),
            "target": torch.from_numpy(self.targets[rows]),
            "index": torch.from_numpy(index),
            "weight": weight,
        }
        if self.partners is not None:
            batch["partner"] = torch.from_numpy(self.partners.padded(index, PAD))
        if self.places is not None:
            line_starts = np.arange(len(index)) * tokens.shape[1]
            counts = self.places.lengths[index]
            batch["place"] = torch.from_numpy(self.places.flat[rows] + np.repeat(line_starts, counts))
            batch["counts"] = torch.from_numpy(counts)
        return batch


def _every_place(tokens: Sequence[Tokens]) -> Ragged:
    return Ragged.of([np.arange(len(one)) for one in tokens])


def _places(rows: Rows, samples: int, first: int) -> Ragged:
    """From 0 within the tokens, which begin at the residue `first`."""
    if rows.position is None:
        raise TypeError("rows of whole sequences have no residues")
    return Ragged.from_lengths(rows.position - first, np.bincount(rows.sample, minlength=samples))
