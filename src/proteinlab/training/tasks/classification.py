"""One class out of several."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from proteinlab.stats.kinds import Kind
from proteinlab.training.errors import UserError
from proteinlab.training.metrics import Array, classification_metrics
from proteinlab.training.rows import Rows
from proteinlab.training.tasks.labels import class_order, positions
from proteinlab.training.tasks.task import Columns, checked_level

_NUMBERED = 50  # so many classes are never taken for numbers


class Classification:
    """One of two or more classes for each row."""

    kind: Kind = "classification"

    def __init__(self, level: str = "sequence", balance: bool = False) -> None:
        self.level = checked_level(level)
        self._balance = balance
        self._weights: Tensor | None = None
        self.classes: list[str] = []

    @property
    def outputs(self) -> int:
        return len(self.classes)

    def fit(self, rows: Rows) -> None:
        """Learn the classes, in numerical order where all are numbers, and their weights.

        Raises UserError: one_class, too_many_classes.
        """
        names, sizes = np.unique(rows.words, return_counts=True)
        counts = dict(zip(names.tolist(), sizes.tolist(), strict=True))
        if len(counts) < 2:
            raise UserError(
                "one_class",
                f"Every training row has the label '{rows.words[0]}': a classifier needs at least two classes.",
            )
        if len(counts) > max(_NUMBERED, len(rows) // 4):
            raise UserError(
                "too_many_classes",
                f"{len(counts)} different labels in {len(rows)} rows look like numbers to predict: "
                "set task=regression.",
            )
        self.classes = self._ordered(counts)
        if self._balance:
            each = np.array([counts[name] for name in self.classes])
            self._weights = torch.tensor(len(rows) / (len(each) * each), dtype=torch.float32)

    def encode(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Class indices, shape (rows,). Raises UserError unseen_class with the line."""
        return positions(rows.words, self.classes, rows.lines)

    def loss(self, outputs: Tensor, target: Tensor) -> Tensor:
        if self._weights is None:
            return functional.cross_entropy(outputs, target)
        weights = self._weights.to(outputs.device, outputs.dtype)
        # The mean over rows, not over weights: so parts of a batch add up to the whole.
        return functional.cross_entropy(outputs, target, weight=weights, reduction="sum") / len(target)

    def read(self, values: Array) -> Columns:
        probabilities = softmax(values)
        names = np.array(self.classes)
        columns: Columns = {"prediction": names[probabilities.argmax(axis=1)]}
        columns |= {f"probability_{name}": probabilities[:, i] for i, name in enumerate(self.classes)}
        return columns

    def score(self, values: Array, encoded: npt.NDArray[Any]) -> dict[str, float]:
        return classification_metrics(softmax(values), encoded)

    def state(self) -> dict[str, Any]:
        return {"classes": self.classes}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.classes = list(state["classes"])

    def _ordered(self, counts: Mapping[str, int]) -> list[str]:
        return sorted(counts, key=class_order)


class Binary(Classification):
    """Yes or no. `positive` is the class that precision, AUROC and the like speak of; None takes the last by order."""

    def __init__(self, level: str = "sequence", balance: bool = False, positive: str | int | None = None) -> None:
        super().__init__(level, balance)
        self.positive = None if positive is None else str(positive)

    def _ordered(self, counts: Mapping[str, int]) -> list[str]:
        """The positive class comes last. Raises UserError: not_binary, unknown_class."""
        names = super()._ordered(counts)
        if len(names) != 2:
            shown = ", ".join(names[:10])
            detail = f"There are {len(names)} classes, not two ({shown}): set task=classification."
            raise UserError("not_binary", detail)
        if self.positive is None:
            return names
        if self.positive not in names:
            detail = f"task.positive={self.positive} is no class of the training rows: take {' or '.join(names)}."
            raise UserError("unknown_class", detail)
        return sorted(names, key=lambda name: name == self.positive)


def softmax(values: Array) -> Array:
    """Probabilities from logits, shape (rows, classes)."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    probabilities: Array = powers / powers.sum(axis=1, keepdims=True)
    return probabilities
