"""Linear models of composition and of the residues around a residue."""

import warnings
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from proteinlab.stats.arrays import Array
from proteinlab.training.alphabet import LETTERS, Tokens
from proteinlab.training.evaluation.answers import Questions
from proteinlab.training.evaluation.baselines.material import Material
from proteinlab.training.outputs import Index

WINDOW: Final = 17
_ALPHA: Final = 1.0  # strength of the L2 penalty on standardised features
_WINDOW_ROWS: Final = 15_000
_MOST_CLASSES: Final = 50


def composition(material: Material) -> Array:
    """Ridge or logistic regression on the share of each letter and the logarithm of the length."""
    features = _composition(material.tokens)
    if material.partners is not None:
        other = _composition(material.partners)
        features = np.hstack([features + other, np.abs(features - other)])  # the order of a pair means nothing
    rows = material.drawn()
    train, test = features[material.train.sample[rows]], features[material.test.sample]
    center, scale = train.mean(axis=0), train.std(axis=0)
    scale[scale == 0] = 1.0
    return _fitted(material, rows, (train - center) / scale, (test - center) / scale)


def window(material: Material) -> Array:
    """Ridge or logistic regression on the 17 residues around each residue, one-hot."""
    rows = material.drawn(_WINDOW_ROWS)
    return _fitted(material, rows, _windows(material, material.train, rows), _windows(material, material.test))


def _composition(tokens: Sequence[Tokens]) -> Array:
    """(samples, letters + 1)"""
    counts = np.stack([np.bincount(one, minlength=len(LETTERS)) for one in tokens]).astype(np.float64)
    lengths = counts.sum(axis=1, keepdims=True)
    return np.hstack([counts / lengths, np.log(lengths)])


def _windows(material: Material, asked: Questions, rows: Index | None = None) -> Any:
    """A sparse matrix (rows, WINDOW * letters); beyond the ends of a sequence there is nothing."""
    from scipy.sparse import csr_array

    if asked.position is None:
        raise TypeError("windows are of residues")
    sample, place = asked.sample, asked.position - material.first
    if rows is not None:
        sample, place = sample[rows], place[rows]
    lengths = np.array([len(one) for one in material.tokens])
    starts = np.cumsum(lengths) - lengths
    flat = np.concatenate(material.tokens)
    offsets = np.arange(WINDOW) - WINDOW // 2
    around = place[:, None] + offsets
    inside = (around >= 0) & (around < lengths[sample][:, None])
    letters = flat[np.where(inside, starts[sample][:, None] + around, 0)]
    columns = np.arange(WINDOW) * len(LETTERS) + letters
    owner = np.nonzero(inside)[0]
    shape = (len(sample), WINDOW * len(LETTERS))
    return csr_array((np.ones(len(owner)), (owner, columns[inside])), shape=shape)


def _fitted(material: Material, rows: Index, train: Any, test: Any) -> Array:
    truth = material.train.truth[rows]
    if material.kind == "regression":
        return _ridge(train, truth.astype(np.float64), test)
    if material.kind == "classification":
        return _probabilities(train, truth, test, material.classes)
    labels = [_probabilities(train, column.astype(np.int64), test, 2)[:, 1] for column in truth.T[:_MOST_CLASSES]]
    rest = material.numbers.mean(axis=0)[_MOST_CLASSES:]
    return np.hstack([np.stack(labels, axis=1), np.tile(rest, (test.shape[0], 1))])


def _ridge(train: Any, truth: Array, test: Any) -> Array:
    from sklearn.linear_model import Ridge

    answers: Array = Ridge(alpha=_ALPHA).fit(train, truth).predict(test)
    return answers


def _probabilities(train: Any, truth: npt.NDArray[np.int64], test: Any, classes: int) -> Array:
    """(rows, classes); a class that the rows drawn for training lack has probability 0."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    answers = np.zeros((test.shape[0], classes))
    present = np.unique(truth)
    if len(present) == 1:
        answers[:, present[0]] = 1.0
        return answers
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a baseline may stop early
        model = LogisticRegression(C=1 / _ALPHA, max_iter=200, tol=1e-3).fit(train, truth)
    answers[:, model.classes_] = model.predict_proba(test)
    return answers
