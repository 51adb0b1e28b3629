"""Types of the arrays that scores are made of."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

Scores = Callable[[Array], dict[str, Array]]
"""Weights (replicates, rows) -> for each score its values (replicates,); NaN where it is not defined."""


def ones(rows: int) -> Array:
    """The weights of the data as they are: one replicate, every row once."""
    return np.ones((1, rows))


def point(scores: Scores, rows: int) -> dict[str, float]:
    """The scores of the data as they are. One that is not defined on them is left out."""
    values = {name: float(column[0]) for name, column in scores(ones(rows)).items()}
    return {name: value for name, value in values.items() if np.isfinite(value)}
