"""How far a prediction can be trusted, learned from validation rows and kept with the model.

Numbers: half the width of a split-conformal interval that holds 90 % of targets (Lei et al., J. Am. Stat. Assoc. 113,
2018), scaled, where passes with dropout are asked for, by their spread (Gal and Ghahramani, ICML 2016). Classes: the
probability that the prediction is wrong, 1 less the largest probability, after temperature scaling (Guo et al., ICML
2017). Labels: the expected share of wrong ones. All of it holds for data like the validation rows; for others it is a
guess, and the test says how good.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from proteinlab.stats.arrays import Array
from proteinlab.stats.kinds import Kind

COVERAGE: Final = 0.9
_FEWEST_ROWS: Final = 20  # for a temperature; with fewer it would follow the noise
_COLDEST, _HOTTEST = 0.05, 20.0
_STEPS: Final = 40
_GOLDEN: Final = (5**0.5 - 1) / 2
_FLOOR: Final = 0.1  # of the mean spread: passes that happen to agree are not certain


@dataclass(frozen=True)
class Calibration:
    """`temperature` divides the outputs of classifiers. `half_width` is in the target's units, or, with `spread`
    (the mean over validation rows), in units of a row's own spread; None with too few validation rows.
    `dropout_passes` are made with dropout to find the spread."""

    temperature: float = 1.0
    half_width: float | None = None
    spread: float | None = None
    dropout_passes: int = 0

    def uncertainty(self, kind: Kind, answers: Array, spread: Array | None = None) -> Array:
        """One value a row; NaN where nothing can be said."""
        if kind == "classification":
            wrong: Array = 1.0 - answers.max(axis=1)
            return wrong
        if kind == "multilabel":
            share: Array = np.minimum(answers, 1.0 - answers).mean(axis=1)
            return share
        if self.half_width is None:
            return np.full(len(answers), np.nan)
        if spread is None or self.spread is None:
            return np.full(len(answers), self.half_width)
        return self.half_width * np.maximum(spread, _FLOOR * self.spread)


def conformal(answers: Array, truth: Array, spread: Array | None = None, dropout_passes: int = 0) -> Calibration:
    """From validation rows. With fewer than 9 no finite interval holds 90 %."""
    rank = int(np.ceil((len(truth) + 1) * COVERAGE))
    if rank > len(truth):
        return Calibration()
    typical = None if spread is None else float(spread.mean())
    scale = np.ones(len(truth)) if spread is None or not typical else np.maximum(spread, _FLOOR * typical)
    residuals = np.sort(np.abs(truth - answers) / scale)
    half_width = float(residuals[rank - 1])
    return Calibration(half_width=half_width, spread=typical or None, dropout_passes=dropout_passes if typical else 0)


def temperature_scaling(kind: Kind, values: Array, truth: npt.NDArray[Any]) -> Calibration:
    """The temperature with the least cross-entropy on validation rows; 1 with fewer than 20 of them.

    `values` are logits. The cross-entropy is convex in 1 / T, so golden-section search finds the one minimum.
    """
    if len(values) < _FEWEST_ROWS:
        return Calibration()
    low, high = np.log(1 / _HOTTEST), np.log(1 / _COLDEST)
    for _ in range(_STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if _cross_entropy(kind, values * np.exp(left), truth) < _cross_entropy(kind, values * np.exp(right), truth):
            high = right
        else:
            low = left
    return Calibration(temperature=float(np.exp(-(low + high) / 2)))


def _cross_entropy(kind: Kind, values: Array, truth: npt.NDArray[Any]) -> float:
    if kind == "multilabel":
        return float(np.mean(np.logaddexp(0.0, values) - truth * values))
    top = values.max(axis=1)
    total = top + np.log(np.exp(values - top[:, None]).sum(axis=1))
    return float(np.mean(total - values[np.arange(len(truth)), truth]))
