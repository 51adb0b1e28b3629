import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from proteinlab.training.metrics import classification_metrics, regression_metrics


def test_regression_agrees_with_scipy_with_ties() -> None:
    generator = np.random.default_rng(0)
    target = generator.integers(0, 20, 300).astype(float)
    predicted = np.round(target + generator.normal(0, 4, 300))
    scores = regression_metrics(predicted, target)
    assert scores["spearman"] == pytest.approx(stats.spearmanr(predicted, target).statistic)
    assert scores["pearson"] == pytest.approx(stats.pearsonr(predicted, target).statistic)
    assert scores["mse"] == pytest.approx(np.mean((predicted - target) ** 2))


def test_constant_prediction_ranks_nothing() -> None:
    scores = regression_metrics(np.ones(5), np.arange(5.0))
    assert scores["spearman"] == 0.0


def test_scores_that_are_not_defined_are_left_out() -> None:
    assert set(regression_metrics(np.ones(1), np.ones(1))) == {"mse", "mae"}
    one_class = classification_metrics(np.array([[0.4, 0.6], [0.3, 0.7]]), np.array([1, 1]))
    assert "auroc" not in one_class
    assert one_class["accuracy"] == 1.0


def test_several_classes() -> None:
    generator = np.random.default_rng(1)
    target = generator.integers(0, 3, 200)
    logits = generator.normal(0, 1, (200, 3)) + 2.0 * np.eye(3)[target]
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    scores = classification_metrics(probabilities, target)
    assert scores["auroc"] == pytest.approx(roc_auc_score(target, probabilities, multi_class="ovr"))
    assert scores["cross_entropy"] == pytest.approx(-np.mean(np.log(probabilities[np.arange(200), target])))
