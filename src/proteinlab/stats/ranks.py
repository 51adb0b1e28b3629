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

    def spread(self, weights: Array) -> tuple[Array, Array]:
        """Mean ranks less their mean, (replicates, rows), and the weighted sum of their squares (replicates,)."""
        sums = self.sums(weights)
        middle = np.cumsum(sums, axis=1)
        middle -= sums / 2 + middle[:, -1:] / 2  # the mean rank is half of all weight
        return middle[:, self._group], np.einsum("rg,rg,rg->r", sums, middle, middle)


def spearman(left: Order, right: Order, weights: Array) -> Array:
    """Spearman's coefficient (replicates,), with mean ranks for equal values. A constant column gives 0."""
    one, squares = left.spread(weights)
    other, other_squares = right.spread(weights)
    return _ratio(np.einsum("rn,rn,rn->r", weights, one, other), squares, other_squares, (0.0, 0.0))


def pearson(left: Array, right: Array, weights: Array) -> Array:
    """Pearson's coefficient (replicates,) of two columns (rows,). A constant column gives 0."""
    one, other = left - left.mean(), right - right.mean()
    columns = np.stack([one, other, one * other, one**2, other**2], axis=1)
    moments = weights @ columns / weights.sum(axis=1, keepdims=True)
    mean, other_mean, product, squares, other_squares = moments.T
    flat = _FLAT * np.var(one), _FLAT * np.var(other)
    return _ratio(product - mean * other_mean, squares - mean**2, other_squares - other_mean**2, flat)


def _ratio(product: Array, squares: Array, other_squares: Array, flat: tuple[float, float]) -> Array:
    constant = (squares <= flat[0]) | (other_squares <= flat[1])
    scale = np.sqrt(np.where(constant, 1.0, squares * other_squares))
    return np.where(constant, 0.0, np.clip(product / scale, -1.0, 1.0))


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
