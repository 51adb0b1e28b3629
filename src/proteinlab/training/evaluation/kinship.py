"""How the tested sequences are related to those that a model was trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from proteinlab.biodata import leakage
from proteinlab.biodata.homology.nearest import CANDIDATES, find_nearest
from proteinlab.biodata.homology.parent import ONE_PARENT, have_one_parent
from proteinlab.training.splits import Split

Floats = npt.NDArray[np.float32]
Index = npt.NDArray[np.int64]

# Alignment cells (residues times residues) spent on the search: about half a minute on two cores.
BUDGET: Final = 6_000_000_000
CLOSE: Final = 0.9


@dataclass(frozen=True)
class Kinship:
    """Of each sample the identity to its nearest training sequence, and which that is.

    `identity` (samples,) is NaN and `relative` -1 for training samples, and for those left out of a search that
    would have taken too long. `one_parent` says that all are variants of one protein: then every test sequence is
    nearly identical to some training sequence by design, which is no leak.
    """

    identity: Floats
    relative: Index
    tested: npt.NDArray[np.bool_]
    one_parent: bool

    @cached_property
    def measured(self) -> Floats:
        """The identities of test samples that were searched."""
        return self.identity[self.tested & np.isfinite(self.identity)]

    @property
    def level(self) -> str:
        """The verdict in a few words, for tags and people."""
        if self.one_parent:
            return ONE_PARENT
        if not len(self.measured):
            return "not measured"
        highest = float(self.measured.max(initial=0.0))
        if highest == 1.0:
            return "identical sequences"
        if highest >= CLOSE:
            return f"relatives above {CLOSE:.0%}"
        return f"relatives above {leakage.LIMIT:.0%}" if highest >= leakage.LIMIT else "none found"

    def tags(self) -> dict[str, str]:
        """`leakage.*`. Variants of one parent are not called leaky."""
        if not self.tested.any():
            return {}
        tags = leakage.tags(self.measured)
        if self.one_parent:
            tags["leakage.leaky"] = "false"
        missing = int(self.tested.sum()) - len(self.measured)
        if missing:
            tags["leakage.not_searched"] = str(missing)
        return tags | {"leakage.level": self.level}

    def refuse_above(self, limit: float) -> None:
        """Raises DataError leaky_split if a test sequence is more identical than the limit to a training sequence.

        Of variants of one parent only those that stand in both sets, unchanged, are refused.
        """
        above = np.nextafter(np.float32(limit), np.float32(2))
        leakage.refuse_leaky(self.measured, 1.0 if self.one_parent else float(min(above, 1.0)))


def measure_kinship(
    sequences: Sequence[str], splits: Sequence[Split], *, partners: Sequence[str] | None = None, budget: int | None
) -> Kinship:
    """Search the nearest training sequence of all others; with a budget, of a random part where all take too long.

    A pair is as new as the newer of its partners: its identity is the smaller of the two.
    """
    names = np.array(splits)
    train, others = np.flatnonzero(names == "train"), np.flatnonzero(names != "train")
    identity = np.full(len(names), np.nan, dtype=np.float32)
    relative = np.full(len(names), -1, dtype=np.int64)
    one_parent = partners is None and have_one_parent(sequences)
    known = [sequences[row] for row in train.tolist()]
    if partners is not None:
        known += [partners[row] for row in train.tolist()]
    if known and len(others):
        if budget is not None and not one_parent:
            others = _affordable(others, sequences, known, budget)
        found = find_nearest(known, [sequences[row] for row in others.tolist()])
        identity[others] = found.identity
        if partners is None:
            relative[others] = np.where(found.row >= 0, train[found.row], -1)
        else:
            second = find_nearest(known, [partners[row] for row in others.tolist()])
            identity[others] = np.minimum(found.identity, second.identity)
    return Kinship(identity, relative, names == "test", one_parent)


def _affordable(rows: Index, sequences: Sequence[str], known: Sequence[str], budget: int) -> Index:
    candidates = min(CANDIDATES, len(known)) * float(np.mean([len(one) for one in known]))
    cells = candidates * np.array([len(sequences[row]) for row in rows.tolist()])
    if cells.sum() <= budget:
        return rows
    drawn = np.random.default_rng(0).permutation(len(rows))
    kept = drawn[np.cumsum(cells[drawn]) <= budget]
    return np.sort(rows[kept])
