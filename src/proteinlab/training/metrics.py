"""Scores of the data as they are, each a plain float under the name used in MLflow.

A score that is not defined on the data at hand (one class only, fewer than two values) is left out rather
than written as a number. What each means stands in `proteinlab.stats`.
"""

import numpy as np
import numpy.typing as npt

from proteinlab.stats.arrays import point
from proteinlab.stats.classification import ClassificationScores
from proteinlab.stats.multilabel import MultilabelScores
from proteinlab.stats.regression import RegressionScores

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def regression_metrics(predicted: Array, target: Array) -> dict[str, float]:
    """Spearman, Pearson, MSE, MAE and R2."""
    return point(RegressionScores(predicted, target), len(target))


def classification_metrics(probabilities: Array, target: Labels) -> dict[str, float]:
    """Of probabilities (rows, classes): accuracy, macro F1, MCC, AUROC, cross-entropy, Brier score and more."""
    return point(ClassificationScores(probabilities, target), len(target))


def multilabel_metrics(probabilities: Array, target: Array, threshold: float) -> dict[str, float]:
    """Of probabilities and targets (rows, labels): F1 micro and macro, exact matches, macro AUROC and more."""
    return point(MultilabelScores(probabilities, target, threshold), len(target))
