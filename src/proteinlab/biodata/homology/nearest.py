"""The nearest relative of each sequence in another set."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.homology.identity import FloatArray, IdentityIndex, plain
from proteinlab.biodata.homology.kmers import KmerIndex
from proteinlab.biodata.homology.ungapped import nearest_ungapped
from proteinlab.biodata.residues import IntArray
from proteinlab.biodata.threads import thread_count

# From here on, two sequences of equal length are taken as they stand: an alignment would find the same.
CLEARLY_ALIKE = 0.9
CANDIDATES = 64


@dataclass(frozen=True, slots=True)
class Nearest:
    """Both (n,). `row` is the nearest target's, -1 where nothing aligns with any candidate. `identity` is in [0, 1],
    and NaN for what a budget did not reach."""

    identity: FloatArray
    row: IntArray


@dataclass(slots=True)
class Budget:
    """What searches may still cost, in cells of alignments: residues times residues."""

    cells: float

    def reach(self, costs: npt.NDArray[np.float64]) -> int:
        """How many of these, in their order, are paid for; their cost is taken off."""
        total = np.cumsum(costs, dtype=np.float64)
        paid = int(np.searchsorted(total, self.cells, side="right"))
        self.cells -= float(total[paid - 1]) if paid else 0.0
        return paid


class NearestSearch:
    """Targets to look for relatives among, indexed once."""

    def __init__(self, targets: Sequence[str], candidates: int = CANDIDATES) -> None:
        self._targets = [plain(text) for text in targets]
        self._candidates = candidates

    @cached_property
    def _words(self) -> KmerIndex:
        return KmerIndex(self._targets)

    @cached_property
    def _index(self) -> IdentityIndex:
        return IdentityIndex(self._targets)

    @cached_property
    def _cells(self) -> float:
        """Of the alignments of one residue of a query."""
        return min(self._candidates, len(self._targets)) * float(np.mean([len(text) for text in self._targets]))

    def find(self, queries: Sequence[str], budget: Budget | None = None) -> Nearest:
        """For each query its most identical target, of those that share most words with it.

        Two sequences of equal length that agree in nine of ten residues or more are not aligned, and cost nothing.
        """
        ours = [plain(text) for text in queries]
        identity, row = nearest_ungapped(self._targets, ours)
        doubtful = np.flatnonzero(identity < CLEARLY_ALIKE)
        identity[doubtful], row[doubtful] = 0.0, -1
        if not len(doubtful) or not self._targets:
            return Nearest(identity, row)
        if budget is not None:
            paid = budget.reach(np.array([len(ours[place]) for place in doubtful.tolist()]) * self._cells)
            identity[doubtful[paid:]] = np.nan
            doubtful = doubtful[:paid]
        self._align(ours, doubtful, identity, row)
        return Nearest(identity, row)

    def _align(self, ours: Sequence[str], places: IntArray, identity: FloatArray, row: IntArray) -> None:
        left = [ours[place] for place in places.tolist()]
        found = self._words.candidates(left, self._candidates)
        with ThreadPoolExecutor(thread_count()) as threads:  # the aligner works outside Python's lock
            aligned = threads.map(self._index.relatives, left, found)
        for place, (related, values) in zip(places.tolist(), aligned, strict=True):
            if len(related):
                identity[place], row[place] = values.max(), related[values.argmax()]


def find_nearest(targets: Sequence[str], queries: Sequence[str], candidates: int = CANDIDATES) -> Nearest:
    """As `NearestSearch` finds them, for targets that are asked once."""
    return NearestSearch(targets, candidates).find(queries)
