"""Scores of several yes-or-no labels for each row."""

import numpy as np

from proteinlab.stats.arrays import Array
from proteinlab.stats.ranks import Order, auroc, average_precision


class MultilabelScores:
    """Macro and micro F1, exact matches, Hamming loss, cross-entropy, macro AUROC and average precision.

    `probabilities` and `target` (0 or 1) have shape (rows, labels); a label is predicted from a probability of
    `threshold` on. Macro means are over the labels for which the score is defined in that replicate.
    """

    def __init__(self, probabilities: Array, target: Array, threshold: float) -> None:
        self._target = target.astype(np.float64)
        self._predicted = (probabilities >= threshold).astype(np.float64)
        self._orders = [Order(column) for column in probabilities.T]
        chosen = np.where(target > 0, probabilities, 1.0 - probabilities)
        self._surprise = -np.log(np.clip(chosen, 1e-12, None)).mean(axis=1)

    def __call__(self, weights: Array) -> dict[str, Array]:
        total = weights.sum(axis=1)
        hits = weights @ (self._target * self._predicted)  # (replicates, labels)
        both = weights @ (self._target + self._predicted)
        wrong = self._target != self._predicted
        with np.errstate(invalid="ignore", divide="ignore"):
            each, micro = 2 * hits / both, 2 * hits.sum(axis=1) / both.sum(axis=1)
        labels = list(zip(self._orders, self._target.T, strict=True))
        return {
            "f1_macro": _mean(each),
            "f1_micro": micro,
            "exact_match": weights @ (~wrong.any(axis=1)).astype(np.float64) / total,
            "hamming_loss": weights @ wrong.mean(axis=1) / total,
            "cross_entropy": weights @ self._surprise / total,
            "auroc_macro": _mean(np.stack([auroc(order, column, weights) for order, column in labels], axis=1)),
            "auprc_macro": _mean(np.stack([average_precision(order, column, weights) for order, column in labels], 1)),
        }


def _mean(values: Array) -> Array:
    """Over the labels (replicates, labels) that are defined; NaN where none is."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    sums = np.where(known, values, 0.0).sum(axis=1)
    return np.where(count > 0, sums / np.maximum(count, 1), np.nan)
