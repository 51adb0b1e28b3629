"""What a network says of some samples, row by row."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proteinlab.training.metrics import Array

Index = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Outputs:
    """One row for each sequence, pair, or residue that counts, ordered by sample and position."""

    values: Array
    """(rows, outputs)"""
    sample: Index
    """(rows,) which of the samples, in the order given, a row belongs to"""
    position: Index | None
    """(rows,) the residue, counted from 1 in the whole sequence; None for sequences and pairs"""
