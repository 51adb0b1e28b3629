"""What most rows of an alignment agree on, column by column: for looking at, not for scoring."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.alignment.alignment import Alignment
from proteinlab.biodata.residues import STANDARD

Floats = npt.NDArray[np.float64]
LETTERS = np.frombuffer(STANDARD, dtype=np.uint8)
# A column with more gaps than this has no consensus letter.
MOST_GAPS = 0.5


@dataclass(frozen=True, slots=True)
class Consensus:
    letters: str  # one per column: the most frequent residue, '-' where gaps prevail
    conservation: Floats  # (columns,): 1 where one residue stands alone, 0 where all twenty are as frequent
    gaps: Floats  # (columns,): share of rows without one of the twenty residues


def consensus(alignment: Alignment) -> Consensus:
    """Conservation is 1 - H / log2(20) of the residues' Shannon entropy H (Shenkin et al. 1991), times the share of
    rows that have a residue there; rows count equally.
    """
    text = alignment.letters()
    counts = np.stack([(text == letter).sum(axis=0) for letter in LETTERS])  # (20, columns)
    present = counts.sum(axis=0)
    shares = counts / np.maximum(present, 1)
    logs = np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
    entropy = -(shares * logs).sum(axis=0)
    filled = present / len(alignment)
    best = LETTERS[counts.argmax(axis=0)]
    letters = np.where(1 - filled > MOST_GAPS, ord("-"), best).astype(np.uint8).tobytes().decode("ascii")
    return Consensus(letters, (1 - entropy / math.log2(len(LETTERS))) * filled, 1 - filled)
