"""Scores of predictions, each a plain float under the name used in MLflow.

A score that is not defined on the data at hand (one class only, fewer than two values) is left out rather
than written as a number.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def regression_metrics(predicted: Array, target: Array) -> dict[str, float]:
    """Spearman, Pearson, MSE, MAE and R2. A constant prediction ranks nothing: its correlations are 0."""
    error = predicted - target
    scores = {"mse": float(np.mean(error**2)), "mae": float(np.mean(np.abs(error)))}
    spread = float(np.var(target))
    if len(target) < 2 or spread == 0.0:
        return scores
    scores["r2"] = 1.0 - scores["mse"] / spread
    scores["pearson"] = _pearson(predicted, target)
    scores["spearman"] = _pearson(_ranks(predicted), _ranks(target))
    return scores


def _pearson(left: Array, right: Array) -> float:
    if np.ptp(left) == 0.0 or np.ptp(right) == 0.0:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])


def _ranks(values: Array) -> Array:
    """Ranks from 1, ties given their mean, as Spearman's coefficient wants them."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(sizes)
    ranks: Array = (ends - (sizes - 1) / 2.0)[group]
    return ranks


def classification_metrics(probabilities: Array, target: Labels) -> dict[str, float]:
    """Accuracy, macro F1, Matthews correlation, AUROC and (two classes) average precision.

    `probabilities` has shape (samples, classes). For more than two classes AUROC is one against the rest,
    averaged over the classes. MCC of several classes follows Gorodkin (2004).
    """
    from sklearn import metrics as sk  # a second to import, and regression needs none of it

    predicted = probabilities.argmax(axis=1)
    scores = {
        "accuracy": float(sk.accuracy_score(target, predicted)),
        "f1_macro": float(sk.f1_score(target, predicted, average="macro", zero_division=0.0)),
        "cross_entropy": _cross_entropy(probabilities, target),
    }
    present = np.unique(target)
    if len(present) > 1:
        scores["mcc"] = float(sk.matthews_corrcoef(target, predicted))
    if probabilities.shape[1] == 2 and len(present) == 2:
        scores["auroc"] = float(sk.roc_auc_score(target, probabilities[:, 1]))
        scores["auprc"] = float(sk.average_precision_score(target, probabilities[:, 1]))
    elif len(present) == probabilities.shape[1]:
        scores["auroc"] = float(sk.roc_auc_score(target, probabilities, multi_class="ovr"))
    return scores


def _cross_entropy(probabilities: Array, target: Labels) -> float:
    chosen = probabilities[np.arange(len(target)), target]
    return float(-np.mean(np.log(np.clip(chosen, 1e-12, None))))


def multilabel_metrics(probabilities: Array, target: npt.NDArray[Any], threshold: float) -> dict[str, float]:
    """F1 micro and macro, exact matches, and AUROC and average precision averaged over labels.

    `probabilities` and `target` (0 or 1) have shape (samples, labels). A label that all or none of the
    samples have ranks nothing, so the averages leave it out.
    """
    from sklearn import metrics as sk

    truth, chosen = target.astype(np.int64), (probabilities >= threshold).astype(np.int64)
    likelihood = np.where(truth == 1, probabilities, 1.0 - probabilities)
    scores = {
        "f1_micro": float(sk.f1_score(truth, chosen, average="micro", zero_division=0.0)),
        "f1_macro": float(sk.f1_score(truth, chosen, average="macro", zero_division=0.0)),
        "exact_match": float((truth == chosen).all(axis=1).mean()),
        "cross_entropy": float(-np.mean(np.log(np.clip(likelihood, 1e-12, None)))),
    }
    ranked = np.flatnonzero((truth.min(axis=0) == 0) & (truth.max(axis=0) == 1))
    if ranked.size:
        pairs = [(truth[:, label], probabilities[:, label]) for label in ranked]
        scores["auroc_macro"] = float(np.mean([sk.roc_auc_score(*pair) for pair in pairs]))
        scores["auprc_macro"] = float(np.mean([sk.average_precision_score(*pair) for pair in pairs]))
    return scores
