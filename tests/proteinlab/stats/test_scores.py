"""Scores under weights: equal to the field's libraries on the data as they are, and on rows that are repeated."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as sk

from proteinlab.stats.arrays import Array, Scores, point
from proteinlab.stats.classification import ClassificationScores
from proteinlab.stats.multilabel import MultilabelScores
from proteinlab.stats.regression import RegressionScores

ROWS = 200


def regression() -> tuple[Array, Array]:
    """With ties in both columns."""
    generator = np.random.default_rng(0)
    target = generator.integers(0, 20, ROWS).astype(float)
    return np.round(target + generator.normal(0, 4, ROWS)), target


def classification(classes: int) -> tuple[Array, np.ndarray]:
    """Probabilities to one digit, so that there are ties."""
    generator = np.random.default_rng(classes)
    target = generator.integers(0, classes, ROWS)
    logits = generator.normal(0, 1, (ROWS, classes)) + 1.5 * np.eye(classes)[target]
    probabilities = np.round(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), 1) + 1e-3
    return probabilities / probabilities.sum(axis=1, keepdims=True), target


def multilabel() -> tuple[Array, Array]:
    generator = np.random.default_rng(5)
    target = (generator.random((ROWS, 3)) < (0.5, 0.3, 0.1)).astype(float)
    return np.clip(target * 0.3 + generator.random((ROWS, 3)) * 0.7, 0, 1), target


def make_regression(index: np.ndarray) -> Scores:
    predicted, target = regression()
    return RegressionScores(predicted[index], target[index])


def make_binary(index: np.ndarray) -> Scores:
    probabilities, target = classification(2)
    return ClassificationScores(probabilities[index], target[index])


def make_classes(index: np.ndarray) -> Scores:
    probabilities, target = classification(4)
    return ClassificationScores(probabilities[index], target[index])


def make_multilabel(index: np.ndarray) -> Scores:
    probabilities, target = multilabel()
    return MultilabelScores(probabilities[index], target[index], 0.5)


@pytest.mark.parametrize("make", [make_regression, make_binary, make_classes, make_multilabel])
def test_weights_are_repeated_rows(make: Callable[[np.ndarray], Scores]) -> None:
    weights = np.random.default_rng(3).multinomial(ROWS, np.full(ROWS, 1 / ROWS), 5).astype(float)
    weighted = make(np.arange(ROWS))(weights)
    for replicate, counts in enumerate(weights):
        repeated = point(make(np.repeat(np.arange(ROWS), counts.astype(int))), ROWS)
        assert {name: values[replicate] for name, values in weighted.items()} == pytest.approx(repeated)


def test_regression_agrees_with_scipy() -> None:
    predicted, target = regression()
    scores = point(RegressionScores(predicted, target), ROWS)
    assert scores["spearman"] == pytest.approx(stats.spearmanr(predicted, target).statistic)
    assert scores["pearson"] == pytest.approx(stats.pearsonr(predicted, target).statistic)
    assert scores["mae"] == pytest.approx(sk.mean_absolute_error(target, predicted))
    assert scores["r2"] == pytest.approx(sk.r2_score(target, predicted))


def test_two_classes_agree_with_scikit_learn() -> None:
    probabilities, target = classification(2)
    scores = point(ClassificationScores(probabilities, target), ROWS)
    predicted = probabilities.argmax(axis=1)
    assert scores["accuracy"] == pytest.approx(sk.accuracy_score(target, predicted))
    assert scores["f1_macro"] == pytest.approx(sk.f1_score(target, predicted, average="macro"))
    assert scores["mcc"] == pytest.approx(sk.matthews_corrcoef(target, predicted))
    assert scores["auroc"] == pytest.approx(sk.roc_auc_score(target, probabilities[:, 1]))
    assert scores["auprc"] == pytest.approx(sk.average_precision_score(target, probabilities[:, 1]))
    assert scores["brier"] == pytest.approx(sk.brier_score_loss(target, probabilities[:, 1]))
    assert scores["cross_entropy"] == pytest.approx(sk.log_loss(target, probabilities))


def test_several_classes_agree_with_scikit_learn() -> None:
    probabilities, target = classification(4)
    scores = point(ClassificationScores(probabilities, target), ROWS)
    predicted = probabilities.argmax(axis=1)
    assert scores["f1_macro"] == pytest.approx(sk.f1_score(target, predicted, average="macro"))
    assert scores["mcc"] == pytest.approx(sk.matthews_corrcoef(target, predicted))
    assert scores["auroc"] == pytest.approx(sk.roc_auc_score(target, probabilities, multi_class="ovr"))
    assert "auprc" not in scores


def test_labels_agree_with_scikit_learn() -> None:
    probabilities, target = multilabel()
    scores = point(MultilabelScores(probabilities, target, 0.5), ROWS)
    predicted = probabilities >= 0.5
    assert scores["f1_macro"] == pytest.approx(sk.f1_score(target, predicted, average="macro"))
    assert scores["f1_micro"] == pytest.approx(sk.f1_score(target, predicted, average="micro"))
    assert scores["exact_match"] == pytest.approx(sk.accuracy_score(target, predicted))
    assert scores["hamming_loss"] == pytest.approx(sk.hamming_loss(target, predicted))
    assert scores["auroc_macro"] == pytest.approx(sk.roc_auc_score(target, probabilities))
    assert scores["auprc_macro"] == pytest.approx(sk.average_precision_score(target, probabilities))


def test_calibration_error_of_known_cases() -> None:
    """Confidence 0.8 and right in eight of ten is calibrated; right in five of ten is 0.3 off."""
    probabilities = np.tile([0.2, 0.8], (10, 1))
    calibrated, not_calibrated = np.array([1] * 8 + [0] * 2), np.array([1] * 5 + [0] * 5)
    assert point(ClassificationScores(probabilities, calibrated), 10)["ece"] == pytest.approx(0.0, abs=1e-12)
    assert point(ClassificationScores(probabilities, not_calibrated), 10)["ece"] == pytest.approx(0.3)


def test_what_is_not_defined_is_left_out() -> None:
    assert set(point(RegressionScores(np.ones(1), np.ones(1)), 1)) == {"mse", "mae"}
    assert set(point(RegressionScores(np.arange(4.0), np.ones(4)), 4)) == {"mse", "mae"}
    assert point(RegressionScores(np.ones(5), np.arange(5.0)), 5)["spearman"] == 0.0
    one_class = point(ClassificationScores(np.array([[0.4, 0.6], [0.3, 0.7]]), np.array([1, 1])), 2)
    assert set(one_class) == {"accuracy", "f1_macro", "cross_entropy", "brier", "ece"}
    never = point(MultilabelScores(np.array([[0.2, 0.7], [0.1, 0.2]]), np.array([[0, 1], [0, 0]]), 0.5), 2)
    assert never["auroc_macro"] == 1.0, "of the one label that has both answers"
