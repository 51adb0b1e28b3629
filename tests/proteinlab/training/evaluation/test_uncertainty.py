"""Calibration, on data whose truth is known."""

import numpy as np
import pytest

from proteinlab.stats.arrays import point
from proteinlab.stats.classification import ClassificationScores
from proteinlab.training.evaluation.uncertainty import Calibration, conformal, temperature_scaling
from proteinlab.training.tasks import softmax


def test_an_interval_learned_from_validation_rows_holds_nine_of_ten_new_ones() -> None:
    generator = np.random.default_rng(0)
    shares = []
    for _ in range(200):
        truth, new = generator.normal(size=60), generator.normal(size=500)
        known = conformal(np.zeros(60), truth)
        shares.append(np.mean(np.abs(new) <= known.uncertainty("regression", np.zeros(500))))
    assert np.mean(shares) == pytest.approx(0.9, abs=0.02)


def test_passes_that_differ_widen_an_interval() -> None:
    generator = np.random.default_rng(1)
    spread = generator.uniform(0.5, 2.0, 400)
    known = conformal(np.zeros(400), spread * generator.normal(size=400), spread)
    widths = known.uncertainty("regression", np.zeros(3), np.array([0.5, 1.0, 2.0]))
    assert widths[1:] / widths[:-1] == pytest.approx([2.0, 2.0])
    assert widths[1] == pytest.approx(1.645, abs=0.2), "where 90 % of a standard normal lie"


def test_too_few_rows_promise_nothing() -> None:
    known = conformal(np.zeros(8), np.arange(8.0))
    assert known == Calibration()
    assert np.isnan(known.uncertainty("regression", np.zeros(2))).all()
    assert conformal(np.zeros(9), np.arange(9.0)).half_width == 8.0
    assert temperature_scaling("classification", np.zeros((5, 2)), np.zeros(5, dtype=int)) == Calibration()


@pytest.mark.parametrize("classes", [2, 5])
def test_a_temperature_undoes_overconfidence(classes: int) -> None:
    generator = np.random.default_rng(2)
    honest = 1.5 * generator.normal(size=(4000, classes))
    cumulative = softmax(honest).cumsum(axis=1)
    truth = (generator.random((4000, 1)) > cumulative).sum(axis=1)
    known = temperature_scaling("classification", 3.0 * honest, truth)
    assert known.temperature == pytest.approx(3.0, rel=0.1)
    before, after = (
        point(ClassificationScores(softmax(3.0 * honest / scale), truth), 4000)["ece"]
        for scale in (1, known.temperature)
    )
    assert after < before / 4
    wrong = known.uncertainty("classification", softmax(3.0 * honest / known.temperature))
    assert wrong.mean() == pytest.approx((honest.argmax(axis=1) != truth).mean(), abs=0.02)


def test_labels_have_a_temperature_too() -> None:
    generator = np.random.default_rng(3)
    honest = generator.normal(size=(3000, 3))
    truth = (generator.random((3000, 3)) < 1 / (1 + np.exp(-honest))).astype(float)
    assert temperature_scaling("multilabel", 2.0 * honest, truth).temperature == pytest.approx(2.0, rel=0.15)
    certain = Calibration().uncertainty("multilabel", np.array([[0.0, 1.0], [0.5, 0.9]]))
    assert certain == pytest.approx([0.0, 0.3])
