"""Scores of predicted numbers."""

import numpy as np

from proteinlab.stats.arrays import Array
from proteinlab.stats.ranks import Order, pearson, spearman


class RegressionScores:
    """Spearman, Pearson, R2, MSE and MAE of predictions and targets (rows,), under weights.

    Without two different targets only the errors are defined. A constant prediction ranks nothing: its
    correlations are 0.
    """

    def __init__(self, predicted: Array, target: Array) -> None:
        self._predicted = predicted
        self._target = target
        self._orders = Order(predicted), Order(target)

    def __call__(self, weights: Array) -> dict[str, Array]:
        total = weights.sum(axis=1)
        error = self._predicted - self._target
        mse, mae = weights @ error**2 / total, weights @ np.abs(error) / total
        target = self._target - self._target.mean()
        spread = weights @ target**2 / total - (weights @ target / total) ** 2
        varied = spread > 1e-12 * max(float(np.var(self._target)), np.finfo(float).tiny)
        values = {
            "r2": 1.0 - mse / np.where(varied, spread, 1.0),
            "pearson": pearson(self._predicted, self._target, weights),
            "spearman": spearman(*self._orders, weights),
        }
        return {"mse": mse, "mae": mae, **{name: np.where(varied, one, np.nan) for name, one in values.items()}}
