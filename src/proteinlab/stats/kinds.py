"""Which scores belong to which kind of question."""

from typing import Any, Final, Literal

import numpy.typing as npt

from proteinlab.stats.arrays import Array, Scores
from proteinlab.stats.classification import ClassificationScores
from proteinlab.stats.multilabel import MultilabelScores
from proteinlab.stats.regression import RegressionScores

Kind = Literal["regression", "classification", "multilabel"]

MAIN_SCORE: Final[dict[Kind, str]] = {"regression": "spearman", "classification": "mcc", "multilabel": "f1_micro"}
"""The one that stands for the others in bins and figures."""


def scores_for(kind: Kind, answers: Array, truth: npt.NDArray[Any], threshold: float) -> Scores:
    """`answers`: numbers (rows,), or probabilities (rows, classes or labels)."""
    if kind == "regression":
        return RegressionScores(answers, truth)
    if kind == "classification":
        return ClassificationScores(answers, truth)
    return MultilabelScores(answers, truth, threshold)
