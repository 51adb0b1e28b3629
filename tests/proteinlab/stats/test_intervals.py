"""Intervals and paired tests, judged by simulation: data whose truth is known, drawn many times."""

import numpy as np
import pytest

from proteinlab.stats.bootstrap import Interval, affordable, bootstrap
from proteinlab.stats.paired import paired_bootstrap
from proteinlab.stats.ranks import Order, pearson
from proteinlab.stats.regression import RegressionScores

TRIALS = 250
# Of 250 intervals that each cover with probability 0.95, fewer than 227 or more than 247 in one of 1,000 repeats.
COVERED = range(227, 248)


class Correlation:
    def __init__(self, left: np.ndarray, right: np.ndarray) -> None:
        self._left, self._right = left, right

    def __call__(self, weights: np.ndarray) -> dict[str, np.ndarray]:
        return {"pearson": pearson(self._left, self._right, weights)}


class Mean:
    def __init__(self, values: np.ndarray) -> None:
        self._values = values

    def __call__(self, weights: np.ndarray) -> dict[str, np.ndarray]:
        return {"mean": weights @ self._values / weights.sum(axis=1)}


def holds(interval: Interval, truth: float) -> bool:
    return interval.low <= truth <= interval.high


def test_a_95_percent_interval_covers_95_percent() -> None:
    generator = np.random.default_rng(1)
    covered = 0
    for trial in range(TRIALS):
        left = generator.normal(size=80)
        right = 0.6 * left + 0.8 * generator.normal(size=80)  # correlation 0.6
        found = bootstrap(Correlation(left, right), np.arange(80), replicates=600, seed=trial)
        covered += holds(found.intervals["pearson"], 0.6)
    assert covered in COVERED


def test_clusters_are_drawn_whole() -> None:
    """Rows of a cluster share most of their value: drawn one by one, they promise a precision that is not there."""
    generator = np.random.default_rng(2)
    clusters = np.repeat(np.arange(40), 5)
    whole = single = 0
    for trial in range(TRIALS):
        values = generator.normal(size=40)[clusters] + 0.3 * generator.normal(size=200)
        whole += holds(bootstrap(Mean(values), clusters, replicates=600, seed=trial).intervals["mean"], 0.0)
        single += holds(bootstrap(Mean(values), np.arange(200), replicates=600, seed=trial).intervals["mean"], 0.0)
    assert whole in range(222, 248), "40 clusters only: a little below what many would give"
    assert single < 180


def test_the_same_seed_gives_the_same_interval() -> None:
    generator = np.random.default_rng(3)
    scores = RegressionScores(generator.normal(size=50), generator.normal(size=50))
    one, other = (bootstrap(scores, np.arange(50), replicates=300, seed=seed) for seed in (7, 8))
    assert one == bootstrap(scores, np.arange(50), replicates=300, seed=7) != other
    for name, interval in one.intervals.items():
        assert interval.low <= interval.value <= interval.high, name


def test_few_units_have_no_interval_and_many_rows_fewer_replicates() -> None:
    scores = RegressionScores(np.arange(6.0), np.arange(6.0) ** 2)
    assert bootstrap(scores, np.array([0, 0, 0, 1, 1, 1])).intervals == {}
    assert affordable(1000, 2000) == 2000
    assert affordable(100_000, 2000) == 500
    assert affordable(10**8, 2000) == 200


def test_the_paired_test_finds_no_difference_where_there_is_none_and_one_where_there_is() -> None:
    """Under the null, p below 0.05 in about 5 % of the trials; a clear difference is found nearly always."""
    generator = np.random.default_rng(4)
    false = found = 0
    for trial in range(TRIALS):
        target = generator.normal(size=100)
        shared = target + generator.normal(size=100)
        alike, other = (RegressionScores(shared + 0.5 * generator.normal(size=100), target) for _ in range(2))
        worse = RegressionScores(shared + 1.5 * generator.normal(size=100), target)
        units = np.arange(100)
        false += paired_bootstrap(alike, other, units, replicates=400, seed=trial)["pearson"].p_value < 0.05
        found += paired_bootstrap(alike, worse, units, replicates=400, seed=trial)["pearson"].decided
    assert false <= 27  # 12.5 expected; more than 27 in one of 10,000 repeats
    assert found > 200


def test_a_model_against_itself_is_a_tie() -> None:
    scores = RegressionScores(np.arange(30.0), np.arange(30.0)[::-1].copy())
    same = paired_bootstrap(scores, scores, np.arange(30), replicates=200)["spearman"]
    assert (same.difference, same.p_value, same.decided) == (Interval(0.0, 0.0, 0.0), 1.0, False)


def test_ranks_share_ties() -> None:
    """Two rows of one value, the larger of the two drawn twice: ranks 1, 1.5 and 1.5 from 0, less their mean."""
    weights = np.array([[1.0, 1.0, 1.0, 1.0], [2.0, 0.0, 1.0, 1.0]])
    ranks, squares = Order(np.array([3.0, 1.0, 3.0, 2.0])).spread(weights)
    assert ranks[0] == pytest.approx([1.0, -1.5, 1.0, -0.5])
    assert ranks[1, [0, 2, 3]] == pytest.approx([0.5, 0.5, -1.5])
    assert squares == pytest.approx([4.5, 3.0])
