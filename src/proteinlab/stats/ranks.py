"""Scores that see the order of values only, under weights."""

import numpy as np

from proteinlab.stats.arrays import Array, Index

_FLAT = 1e-12  # a variance below this part of the whole data's is rounding


class Order:
    """The order of values, kept so that many sets of weights can be ranked by it. Equal values share a group."""

    def __init__(self, values: Array) -> None:
        self._order = np.argsort(values, kind="stable")
        ordered = values[self._order]
        new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
        self._starts: Index = np.flatnonzero(new)
        self._group = np.empty(len(values), dtype=np.int64)
        self._group[self._order] = np.cumsum(new) - 1

    def sums(self, weights: Array) -> Array:
        """Weight of each group of equal values, in rising order, (replicates, groups)."""
        result: Array = np.add.reduceat(weights[:, self._order], self._starts, axis=1)
        return result

    def ranks(self, weights: Array) -> Array:
        """Mean ranks (replicates, rows): a row's is the weight below it and half its own group's."""
        sums = self.sums(weights)
        middle = np.cumsum(sums, axis=1) - sums / 2
        ranks: Array = middle[:, self._group]
        return ranks


def pearson(left: Array, right: Array, weights: Array) -> Array:
    """Correlation (replicates,) of two columns, each (rows,) or (replicates, rows). A constant column gives 0."""
    left, right = np.atleast_2d(left), np.atleast_2d(right)
    total = weights.sum(axis=1, keepdims=True)
    one = left - (weights * left).sum(axis=1, keepdims=True) / total
    other = right - (weights * right).sum(axis=1, keepdims=True) / total
    product = (weights * one * other).sum(axis=1)
    squares = (weights * one**2).sum(axis=1), (weights * other**2).sum(axis=1)
    flat = (squares[0] <= _flat(left, total)) | (squares[1] <= _flat(right, total))
    scale = np.sqrt(np.where(flat, 1.0, squares[0] * squares[1]))
    return np.where(flat, 0.0, np.clip(product / scale, -1.0, 1.0))


def _flat(values: Array, total: Array) -> Array:
    limit: Array = _FLAT * np.var(values, axis=1) * total[:, 0]
    return limit


def spearman(left: Order, right: Order, weights: Array) -> Array:
    """Spearman's coefficient (replicates,), with mean ranks for equal values."""
    return pearson(left.ranks(weights), right.ranks(weights), weights)


def auroc(order: Order, positive: Array, weights: Array) -> Array:
    """Area under the ROC curve (replicates,) of scores in this order; `positive` (rows,) is 0 or 1.

    The weight of pairs in which the positive stands higher, ties counted half. NaN where a class is absent.
    """
    hits, misses = order.sums(weights * positive), order.sums(weights * (1 - positive))
    below = np.cumsum(misses, axis=1) - misses / 2
    pairs = hits.sum(axis=1) * misses.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        area: Array = np.where(pairs > 0, (hits * below).sum(axis=1) / pairs, np.nan)
    return area


def average_precision(order: Order, positive: Array, weights: Array) -> Array:
    """Area under the precision-recall curve as a sum of steps (replicates,). NaN without a positive."""
    hits = order.sums(weights * positive)[:, ::-1]
    chosen = order.sums(weights)[:, ::-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(chosen.cumsum(axis=1) > 0, hits.cumsum(axis=1) / chosen.cumsum(axis=1), 0.0)
        area: Array = (hits * precision).sum(axis=1) / hits.sum(axis=1)
    return area
