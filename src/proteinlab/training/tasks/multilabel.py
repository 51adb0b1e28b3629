"""Any number of labels at once."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from proteinlab.stats.kinds import Kind
from proteinlab.training.errors import UserError
from proteinlab.training.metrics import Array, multilabel_metrics
from proteinlab.training.rows import Rows, Words
from proteinlab.training.tables import LABEL_SEPARATOR
from proteinlab.training.tasks.labels import class_order, positions
from proteinlab.training.tasks.task import Columns, checked_level

_HEAVIEST = 100.0  # a label that one row in thousands has would drown the rest


class MultiLabel:
    """For each row any of several labels, written with semicolons between them; a lone semicolon is none."""

    kind: Kind = "multilabel"

    def __init__(self, level: str = "sequence", balance: bool = False, threshold: float = 0.5) -> None:
        self.level = checked_level(level, ("sequence", "pair"))
        self._balance = balance
        self.threshold = threshold
        self._weights: Tensor | None = None
        self.classes: list[str] = []

    @property
    def outputs(self) -> int:
        return len(self.classes)

    def fit(self, rows: Rows) -> None:
        """Learn the labels and, if balanced, how rare each is. Raises UserError: no_labels, too_many_classes."""
        _, words = _split(rows.words)
        names, counts = np.unique(words, return_counts=True)
        if not len(names):
            raise UserError("no_labels", "No training row has a label: nothing to learn.")
        if len(names) > max(50, len(words) // 2):
            detail = f"{len(names)} different labels in {len(rows)} rows: most occur once. Is this the right column?"
            raise UserError("too_many_classes", detail)
        self.classes = sorted(names.tolist(), key=class_order)
        if self._balance:
            having = np.array([counts[names.tolist().index(name)] for name in self.classes])
            weights = np.minimum((len(rows) - having) / having, _HEAVIEST)
            self._weights = torch.tensor(np.maximum(weights, 1.0 / _HEAVIEST), dtype=torch.float32)

    def encode(self, rows: Rows) -> npt.NDArray[np.float32]:
        """1 where a row has a label, shape (rows, labels). Raises UserError unseen_class with the line."""
        row, words = _split(rows.words)
        encoded = np.zeros((len(rows), len(self.classes)), dtype=np.float32)
        encoded[row, positions(words, self.classes, rows.lines[row])] = 1.0
        return encoded

    def loss(self, outputs: Tensor, target: Tensor) -> Tensor:
        weights = None if self._weights is None else self._weights.to(outputs.device, outputs.dtype)
        return functional.binary_cross_entropy_with_logits(outputs, target.to(outputs.dtype), pos_weight=weights)

    def read(self, values: Array) -> Columns:
        probabilities = _sigmoid(values)
        chosen = probabilities >= self.threshold
        names = np.array(self.classes)
        columns: Columns = {"prediction": np.array([LABEL_SEPARATOR.join(names[row]) for row in chosen])}
        columns |= {f"probability_{name}": probabilities[:, i] for i, name in enumerate(self.classes)}
        return columns

    def score(self, values: Array, encoded: npt.NDArray[Any]) -> dict[str, float]:
        return multilabel_metrics(_sigmoid(values), encoded, self.threshold)

    def state(self) -> dict[str, Any]:
        return {"classes": self.classes}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.classes = list(state["classes"])


def _split(words: Words) -> tuple[npt.NDArray[np.int64], Words]:
    """Every label with the row it stands in."""
    pairs = [
        (row, label.strip())
        for row, word in enumerate(words.tolist())
        for label in word.split(LABEL_SEPARATOR)
        if label.strip()
    ]
    rows = np.array([row for row, _ in pairs], dtype=np.int64)
    return rows, np.array([label for _, label in pairs], dtype=np.str_)


def _sigmoid(values: Array) -> Array:
    probabilities: Array = 0.5 * (1.0 + np.tanh(0.5 * values))  # no overflow
    return probabilities
