"""What a model was trained on, kept beside it, and how near to it the sequences of a prediction are."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.homology.nearest import Budget, NearestSearch

if TYPE_CHECKING:
    from proteinlab.training.samples import Samples

Floats = npt.NDArray[np.float32]
FILENAME: Final = "training_sequences.txt.gz"
MOST_RESIDUES: Final = 50_000_000
"""A larger training set is not kept: a model would carry it into every prediction."""


@dataclass(frozen=True)
class Relatives:
    """`training`: each sequence once; None where it is not known, as of models logged before it was kept."""

    training: Sequence[str] | None
    budget: Budget | None = None
    """For searches; None lets all be searched."""

    @classmethod
    def of(cls, samples: "Samples") -> "Relatives":
        """The training sequences, both of each pair."""
        rows = samples.indices("train")
        known = {samples.sequences[row] for row in rows}
        if samples.partners is not None:
            known |= {samples.partners[row] for row in rows}
        return cls(sorted(known) if sum(map(len, known)) <= MOST_RESIDUES else None)

    def save(self, folder: Path) -> None:
        """The same bytes for the same sequences."""
        if self.training is None:
            return
        with (folder / FILENAME).open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
            packed.write("".join(f"{sequence}\n" for sequence in self.training).encode("ascii"))

    @classmethod
    def load(cls, folder: Path, budget: Budget | None = None) -> "Relatives":
        path = folder / FILENAME
        if not path.is_file():
            return cls(None)
        with gzip.open(path, "rt", encoding="ascii") as lines:
            return cls(lines.read().splitlines(), budget)

    def identity(self, sequences: Sequence[str], partners: Sequence[str] | None = None) -> Floats:
        """To the nearest training sequence, (n,) in [0, 1]; a pair is as new as the newer of its partners.

        NaN where it is not known, or the budget for searches was used up.
        """
        if not self.training:
            return np.full(len(sequences), np.nan, dtype=np.float32)
        own = self._search.find(sequences, self.budget).identity
        return own if partners is None else np.minimum(own, self._search.find(partners, self.budget).identity)

    @cached_property
    def _search(self) -> NearestSearch:
        return NearestSearch(self.training or [])
