"""What is bit-equal, what is near enough, and what differs."""

import math

import pytest

from proteinx.client.reproduction.verdict import BIT_EQUAL, DIFFERS, WITHIN_TOLERANCE, Left, Verdict, judge

LOSS = [(0, 1.0), (1, 0.5), (2, 0.25)]
FILES = {"predictions.csv": "a", "model/data/weights.safetensors": "b"}


def against(metrics: dict | None = None, files: dict | None = None, **tolerance: float) -> Verdict:
    second = Left({"loss": LOSS} if metrics is None else metrics, FILES if files is None else files)
    return judge(Left({"loss": LOSS}, FILES), second, **tolerance)


def test_the_same_is_bit_equal() -> None:
    told = against()
    assert (told.verdict, told.compared, told.differences) == (BIT_EQUAL, 3, [])


def test_nan_is_the_same_as_nan() -> None:
    one = Left({"loss": [(0, math.nan)]}, {})
    assert judge(one, Left({"loss": [(0, float("nan"))]}, {})).verdict == BIT_EQUAL


@pytest.mark.parametrize(
    ("points", "verdict", "words"),
    [
        ([(0, 1.0), (1, 0.5), (2, 0.2500001)], WITHIN_TOLERANCE, "part at step 2"),
        ([(0, 1.0), (1, 0.7), (2, 0.25)], WITHIN_TOLERANCE, "part at step 1"),
        ([(0, 1.0), (1, 0.5), (2, 0.26)], DIFFERS, "0.25 and 0.26"),
        ([(0, 1.0), (1, 0.5), (2, math.nan)], DIFFERS, "nan"),
        ([(0, 1.0), (2, 0.25)], WITHIN_TOLERANCE, "part at step 1"),
        ([(0, 1.0), (1, 0.5), (2, 0.25), (3, 0.25)], WITHIN_TOLERANCE, "3 points and 4"),
        ([], DIFFERS, "not there in the second"),
    ],
)
def test_a_metric_is_judged_by_its_end(points: list, verdict: str, words: str) -> None:
    told = against({"loss": points})
    assert told.verdict == verdict
    assert words in told.differences[0]


def test_the_tolerance_can_be_set() -> None:
    points = {"loss": [(0, 1.0), (1, 0.5), (2, 0.26)]}
    assert against(points, rtol=0.1).verdict == WITHIN_TOLERANCE
    assert against({"loss": [(0, 1.0), (1, 0.5), (2, 0.2500001)]}, rtol=0, atol=0).verdict == DIFFERS


def test_a_metric_more_is_a_difference() -> None:
    assert against({"loss": LOSS, "extra": LOSS}).differences == ["the metric extra is not there in the first run"]


def test_other_weights_are_not_bit_equal_and_come_first() -> None:
    told = against(files={"predictions.csv": "x", "model/data/weights.safetensors": "y"})
    assert told.verdict == WITHIN_TOLERANCE
    assert told.differences[0] == "the file model/data/weights.safetensors has other content"


def test_a_file_that_is_missing_differs() -> None:
    assert against(files={"predictions.csv": "a"}).verdict == DIFFERS


def test_what_measures_the_machine_or_names_a_run_does_not_count() -> None:
    first = Left({"loss": LOSS, "fit_seconds": [(0, 1.0)]}, {"timings.json": "1", "model/MLmodel": "1", "a.csv": "1"})
    second = Left({"loss": LOSS, "system/cpu": [(0, 1.0)]}, {"timings.json": "2", "model/MLmodel": "2", "a.csv": "1"})
    assert judge(first, second).verdict == BIT_EQUAL


def test_nothing_to_compare_is_no_success() -> None:
    assert judge(Left({}, {}), Left({}, {})).verdict == DIFFERS
