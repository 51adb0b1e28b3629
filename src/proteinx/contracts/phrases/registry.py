"""What the gate in front of the champion found."""

from collections.abc import Mapping
from typing import Final

PHRASES: Final[Mapping[str, str]] = {
    "gate_no_evaluation": "there is no evaluation.json with a main score on a test set; train with evaluation",
    "gate_no_interval": "test {score} {value} has no interval: the test set is too small",
    "gate_interval": "test {score} {value}, interval {low} to {high}",
    "gate_no_baseline": "there is no score of a baseline to compare with",
    "gate_not_better": "it is no better: test {score} {value} against {other} of the baseline {baseline}",
    "gate_better": "test {score} {value} against {other} of the baseline {baseline}",
    "gate_not_searched": "the test set was not searched for relatives of the training set",
    "gate_identical": "test set: {level}; split it anew",
    "gate_level": "test set: {level}",
    "gate_no_card": "there is no {file}",
}
