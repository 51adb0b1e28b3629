"""What is asked in one split, and what a model answers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from proteinlab.stats.arrays import Array, Scores
from proteinlab.stats.kinds import scores_for
from proteinlab.training.encoded import Encoded
from proteinlab.training.outputs import Index
from proteinlab.training.rows import Rows, Words
from proteinlab.training.splits import Split
from proteinlab.training.tasks import Columns, Task


@dataclass(frozen=True)
class Questions:
    """One row for each sequence, pair or residue that counts."""

    split: Split
    sample: Index
    """(rows,) which of all samples of the file a row belongs to"""
    position: Index | None
    words: Words
    """(rows,) the target as the file has it"""
    truth: npt.NDArray[Any]
    """Numbers in the file's units (rows,), class numbers (rows,), or 0 and 1 (rows, labels)."""

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def of(cls, task: Task, split: Split, index: list[int], rows: Rows, encoded: Encoded) -> "Questions":
        """`index` says which of all samples are the split's."""
        truth = rows.words.astype(np.float64) if task.kind == "regression" else encoded.targets
        return cls(split, np.array(index, dtype=np.int64)[rows.sample], rows.position, rows.words, truth)


def given(task: Task, columns: Columns) -> Array:
    """What a model says, as scores take it: numbers (rows,), or probabilities (rows, classes or labels)."""
    if task.kind == "regression":
        return columns["prediction"].astype(np.float64)
    return np.stack([columns[f"probability_{name}"] for name in task.classes], axis=1)


def scores_of(task: Task, answers: Array, truth: npt.NDArray[Any]) -> Scores:
    """The scores of what `given` returns."""
    return scores_for(task.kind, answers, truth, getattr(task, "threshold", 0.5))
