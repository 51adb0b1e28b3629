"""Scores of predicted classes and of their probabilities."""

import numpy as np

from proteinlab.stats.arrays import Array, Index
from proteinlab.stats.ranks import Order, auroc, average_precision

BINS = 15
"""Equal bins of confidence for the expected calibration error, as in Guo et al. (ICML 2017)."""


class ClassificationScores:
    """Accuracy, macro F1, Matthews correlation, AUROC, cross-entropy, Brier score and calibration error, under weights.

    `probabilities` has shape (rows, classes), `target` (rows,) holds class numbers. MCC of several classes follows
    Gorodkin (2004). For more than two classes AUROC is one against the rest, averaged over the classes, and the Brier
    score is the sum over classes (0 to 2); for two it is the second class's alone (0 to 1), and average precision is
    added. What needs classes that are absent is NaN.
    """

    def __init__(self, probabilities: Array, target: Index) -> None:
        self._classes = probabilities.shape[1]
        self._target = target
        predicted = probabilities.argmax(axis=1)
        self._cell = target * self._classes + predicted
        chosen = probabilities[np.arange(len(target)), target]
        self._surprise = -np.log(np.clip(chosen, 1e-12, None))
        wanted = np.eye(self._classes)[target]
        self._brier = ((probabilities - wanted) ** 2).sum(axis=1) / (2 if self._classes == 2 else 1)
        self._confidence = probabilities.max(axis=1)
        self._right = (predicted == target).astype(np.float64)
        ranked = [1] if self._classes == 2 else range(self._classes)
        self._orders = {number: Order(probabilities[:, number]) for number in ranked}

    def __call__(self, weights: Array) -> dict[str, Array]:
        total = weights.sum(axis=1)
        confusion = _counts(self._cell, weights, self._classes**2).reshape(-1, self._classes, self._classes)
        scores = {
            "accuracy": weights @ self._right / total,
            "f1_macro": _f1_macro(confusion),
            "cross_entropy": weights @ self._surprise / total,
            "brier": weights @ self._brier / total,
            "ece": self._calibration_error(weights) / total,
            "mcc": _matthews(confusion),
        }
        areas = [auroc(order, self._is(number), weights) for number, order in self._orders.items()]
        scores["auroc"] = np.mean(areas, axis=0)
        if self._classes == 2:
            both = np.isfinite(scores["auroc"])
            precision = average_precision(self._orders[1], self._is(1), weights)
            scores["auprc"] = np.where(both, precision, np.nan)
        return scores

    def _is(self, number: int) -> Array:
        mine: Array = (self._target == number).astype(np.float64)
        return mine

    def _calibration_error(self, weights: Array) -> Array:
        """Weight times distance between confidence and accuracy, summed over bins of confidence."""
        place = confidence_bin(self._confidence)
        gaps = _counts(place, weights * (self._confidence - self._right), BINS)
        error: Array = np.abs(gaps).sum(axis=1)
        return error


def confidence_bin(confidence: Array) -> Index:
    """The bin (rows,) of each confidence in [0, 1]."""
    place: Index = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    return place


def _counts(cells: Index, weights: Array, size: int) -> Array:
    """Weight in each cell, (replicates, size)."""
    return np.stack([np.bincount(cells, weights=row, minlength=size) for row in weights])


def _f1_macro(confusion: Array) -> Array:
    """Mean over the classes that occur, in targets or predictions."""
    hit = np.diagonal(confusion, axis1=1, axis2=2)
    both = confusion.sum(axis=1) + confusion.sum(axis=2)
    occurs = both > 0
    each = np.where(occurs, 2 * hit / np.where(occurs, both, 1.0), 0.0)
    mean: Array = each.sum(axis=1) / occurs.sum(axis=1)
    return mean


def _matthews(confusion: Array) -> Array:
    """NaN with one class only; 0 where all predictions are the same."""
    total = confusion.sum(axis=(1, 2))
    hit = np.diagonal(confusion, axis1=1, axis2=2).sum(axis=1)
    true, predicted = confusion.sum(axis=2), confusion.sum(axis=1)
    over = hit * total - (true * predicted).sum(axis=1)
    under = (total**2 - (predicted**2).sum(axis=1)) * (total**2 - (true**2).sum(axis=1))
    value = np.where(under > 0, over / np.sqrt(np.where(under > 0, under, 1.0)), 0.0)
    several = (true > 0).sum(axis=1) > 1
    return np.where(several, value, np.nan)
