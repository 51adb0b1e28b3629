"""Scores by how closely the tested sequences are related to the training set."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from proteinlab.stats.arrays import Array, Scores
from proteinlab.stats.bootstrap import Bootstrapped, Interval
from proteinlab.training.outputs import Index

EDGES: Final = (0.0, 0.3, 0.5, 0.7, 0.9, 1.0)
_MOST_DISTANCES: Final = 6
_FEWEST_ROWS: Final = 10


@dataclass(frozen=True)
class Bin:
    """`interval` is None where too few rows are in it for a score."""

    label: str
    name: str
    rows: int
    interval: Interval | None


@dataclass(frozen=True)
class Membership:
    label: str
    name: str
    rows: npt.NDArray[np.bool_]


def identity_bins(identity: Array) -> list[Membership]:
    """By identity to the nearest training sequence (rows,), NaN belonging nowhere."""
    found = []
    for low, high in pairwise(EDGES):
        inside = (identity >= low) & ((identity < high) | (high == EDGES[-1]))
        name = f"identity_{low * 100:.0f}_{high * 100:.0f}"
        found.append(Membership(f"{low * 100:.0f} to {high * 100:.0f} %", name, inside))
    return found


def distance_bins(identity: Array, lengths: Index) -> list[Membership]:
    """For variants of one parent: by residues that differ from the nearest training variant."""
    known = np.isfinite(identity)
    distance = np.full(len(identity), -1)
    distance[known] = np.rint((1 - identity[known]) * lengths[known]).astype(np.int64)
    values = np.unique(distance[known])[:_MOST_DISTANCES]
    return [Membership(_residues(int(one)), f"{int(one)}_from_training", distance == one) for one in values]


def _residues(count: int) -> str:
    return f"{count} residue differs" if count == 1 else f"{count} residues differ"


def scored(
    memberships: list[Membership],
    make: Callable[[Index], Scores],
    units: Index,
    score: str,
    draw: Callable[[Scores, Index], Bootstrapped],
) -> list[Bin]:
    """One score in each bin that has rows; `make` gives the scores of some rows, `draw` their intervals."""
    bins = []
    for one in memberships:
        rows = np.flatnonzero(one.rows)
        if not len(rows):
            continue
        interval = None
        if len(rows) >= _FEWEST_ROWS:
            own = np.unique(units[rows], return_inverse=True)[1]
            interval = draw(make(rows), own).intervals.get(score)
        bins.append(Bin(one.label, one.name, len(rows), interval))
    return bins
