"""Is one model better than another on the same data?"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from proteinlab.stats.arrays import Array, Index, Scores, point
from proteinlab.stats.bootstrap import REPLICATES, Interval, affordable, row_weights, unit_weights

SMALLER_IS_BETTER = frozenset({"mse", "mae", "cross_entropy", "brier", "ece", "hamming_loss"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One score of two models. `difference` is first minus second, `p_value` two-sided against none."""

    first: float
    second: float
    difference: Interval
    p_value: float

    @property
    def decided(self) -> bool:
        """Whether the interval of the difference leaves out zero."""
        return self.difference.low > 0 or self.difference.high < 0


def paired_bootstrap(
    first: Scores, second: Scores, units: Index, *, level: float = 0.95, replicates: int = REPLICATES, seed: int = 0
) -> dict[str, Comparison]:
    """Both models are scored on the same draws of units, so what the data's difficulty does to both cancels out.

    Percentile intervals of the difference. The p-value is twice the smaller share of replicates on either side of
    zero, ties counted half, and at least 1 / replicates (Koehn, EMNLP 2004; Efron and Tibshirani 1993).
    """
    count = int(units.max()) + 1
    replicates = affordable(2 * len(units), replicates)
    one, other = point(first, len(units)), point(second, len(units))
    drawn: dict[str, list[Array]] = {name: [] for name in one if name in other}
    for weights in row_weights(unit_weights(count, replicates, seed), units):
        mine, theirs = first(weights), second(weights)
        for name, parts in drawn.items():
            parts.append(mine[name] - theirs[name])
    finite = {name: _finite(parts) for name, parts in drawn.items()}
    return {name: _comparison(one[name], other[name], those, level) for name, those in finite.items() if len(those)}


def _finite(parts: Iterable[Array]) -> Array:
    """The differences of the replicates in which both scores are defined; on tiny data that may be none."""
    differences = np.concatenate(list(parts))
    kept: Array = differences[np.isfinite(differences)]
    return kept


def _comparison(first: float, second: float, differences: Array, level: float) -> Comparison:
    low, high = np.quantile(differences, [(1 - level) / 2, (1 + level) / 2])
    ties = (differences == 0).mean() / 2
    smaller = min((differences < 0).mean(), (differences > 0).mean()) + ties
    p_value = min(1.0, max(2 * float(smaller), 1 / len(differences)))
    return Comparison(first, second, Interval(first - second, float(low), float(high)), p_value)
