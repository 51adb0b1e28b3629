"""Confidence intervals by the bootstrap.

What is drawn again are units: whole sequences, or whole clusters of related ones, never the residues of one sequence,
which are not independent (cluster bootstrap; Field and Welsh, J. R. Stat. Soc. B 69, 2007).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from proteinlab.stats.arrays import Array, Index, Scores, point

REPLICATES = 2000
FEWEST_REPLICATES = 200
LARGEST_WORK = 50_000_000
"""Rows times replicates; above it there are fewer replicates."""
_BLOCK = 40_000  # numbers of one matrix of weights: 320 kB, which a core keeps near
_JACKKNIFE_GROUPS = 100
_FEWEST_UNITS = 3
_MOST_UNDEFINED = 0.1  # share of replicates in which a score may be undefined

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Interval:
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """`intervals` holds the scores for which an interval can be given."""

    intervals: dict[str, Interval]
    level: float
    units: int
    replicates: int


def bootstrap(
    scores: Scores,
    units: Index,
    *,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Bootstrapped:
    """BCa intervals (Efron 1987) of every score; `units` (rows,) is the number from 0 of each row's unit.

    The acceleration comes from a jackknife over at most 100 groups of units. A score that is undefined in more than
    a tenth of the replicates has no interval, nor has any score of fewer than three units.
    """
    count = int(units.max()) + 1
    replicates = affordable(len(units), replicates)
    value = point(scores, len(units))
    if count < _FEWEST_UNITS:
        return Bootstrapped({}, level, count, 0)
    drawn = _evaluated(scores, units, unit_weights(count, replicates, seed))
    left_out = _evaluated(scores, units, _jackknife_weights(count, seed))
    intervals = {
        name: Interval(one, *_bca(one, drawn[name], left_out[name], level))
        for name, one in value.items()
        if np.isfinite(drawn[name]).mean() >= 1 - _MOST_UNDEFINED
    }
    return Bootstrapped(intervals, level, count, replicates)


def affordable(rows: int, replicates: int) -> int:
    """As many as wanted, fewer where rows times replicates would take long, never fewer than 200 of them."""
    return min(replicates, max(FEWEST_REPLICATES, LARGEST_WORK // max(1, rows)))


def unit_weights(count: int, replicates: int, seed: int) -> Iterator[Array]:
    """How often each unit was drawn, in blocks (some replicates, count)."""
    generator = np.random.default_rng(seed)
    step = max(1, _BLOCK // count)
    for start in range(0, replicates, step):
        size = min(step, replicates - start)
        drawn = generator.integers(0, count, (size, count)) + count * np.arange(size)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * count).reshape(size, count).astype(np.float64)


def _jackknife_weights(count: int, seed: int) -> Iterator[Array]:
    """Each replicate leaves out one group of units; groups are drawn at random."""
    groups = min(count, _JACKKNIFE_GROUPS)
    group = np.random.default_rng(seed).permutation(count) % groups
    for start in range(0, groups, max(1, _BLOCK // count)):
        mine = np.arange(start, min(groups, start + max(1, _BLOCK // count)))
        yield (group != mine[:, None]).astype(np.float64)


def _evaluated(scores: Scores, units: Index, blocks: Iterator[Array]) -> dict[str, Array]:
    parts: dict[str, list[Array]] = {}
    for weights in row_weights(blocks, units):
        for name, values in scores(weights).items():
            parts.setdefault(name, []).append(values)
    return {name: np.concatenate(values) for name, values in parts.items()}


def row_weights(blocks: Iterable[Array], units: Index) -> Iterator[Array]:
    """The weights of rows (some replicates, rows), from those of their units."""
    step = max(1, _BLOCK // len(units))
    for block in blocks:
        for start in range(0, len(block), step):
            yield block[start : start + step][:, units]


def _bca(value: float, drawn: Array, left_out: Array, level: float) -> tuple[float, float]:
    drawn, left_out = drawn[np.isfinite(drawn)], left_out[np.isfinite(left_out)]
    below = float((drawn < value).mean() + (drawn == value).mean() / 2)
    bias = _NORMAL.inv_cdf(min(max(below, 1 / len(drawn)), 1 - 1 / len(drawn)))
    pull = left_out.mean() - left_out if len(left_out) else np.zeros(1)
    spread = float((pull**2).sum())
    acceleration = float((pull**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
    ends = []
    for side in ((1 - level) / 2, (1 + level) / 2):
        shifted = bias + _NORMAL.inv_cdf(side)
        ends.append(_NORMAL.cdf(bias + shifted / max(1 - acceleration * shifted, 0.1)))
    low, high = np.quantile(drawn, ends)
    return float(low), float(high)
