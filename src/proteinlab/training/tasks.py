"""What is predicted: how targets become numbers, what is minimised, how outputs are read and scored.

A task is made from config, learns from the training targets (`fit`), and its `state` is kept with the model,
so that a served model reads its outputs as the trained one did.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from proteinlab.training.errors import UserError
from proteinlab.training.metrics import Array, classification_metrics, regression_metrics

Loss = Callable[[Tensor, Tensor], Tensor]
Columns = dict[str, npt.NDArray[Any]]  # name -> one value a sequence; "prediction" is always there


class Task(Protocol):
    """One kind of question asked of a whole sequence."""

    question: str

    @property
    def outputs(self) -> int: ...

    def fit(self, targets: Sequence[str], lines: Sequence[int]) -> None: ...
    def encode(self, targets: Sequence[str], lines: Sequence[int]) -> npt.NDArray[Any]: ...
    def loss(self, outputs: Tensor, target: Tensor) -> Tensor: ...
    def read(self, outputs: Array) -> Columns: ...
    def score(self, outputs: Array, encoded: npt.NDArray[Any]) -> dict[str, float]: ...
    def state(self) -> dict[str, Any]: ...
    def restore(self, state: Mapping[str, Any]) -> None: ...


class Regression:
    """A number for each sequence. Networks see standardised targets; all else sees the file's units."""

    question = "regression"
    outputs = 1

    def __init__(self, standardize: bool = True, loss: str = "mse") -> None:
        losses: dict[str, Loss] = {
            "mse": functional.mse_loss,
            "huber": functional.huber_loss,
            "mae": functional.l1_loss,
        }
        if loss not in losses:
            raise UserError("unknown_loss", f"task.loss={loss} is unknown: take {', '.join(losses)}.")
        self._loss = losses[loss]
        self._standardize = standardize
        self.mean, self.scale = 0.0, 1.0

    def fit(self, targets: Sequence[str], lines: Sequence[int]) -> None:
        """Learn mean and deviation. Raises UserError: bad_target with the line, constant_target."""
        if not self._standardize:
            return
        values = _numbers(targets, lines)
        self.mean = float(values.mean())
        self.scale = float(values.std())
        if self.scale == 0.0:
            raise UserError("constant_target", f"Every training target is {targets[0]}: nothing to learn.")

    def encode(self, targets: Sequence[str], lines: Sequence[int]) -> npt.NDArray[np.float32]:
        """Standardised targets, shape (samples,). Raises UserError bad_target with the line."""
        return ((_numbers(targets, lines) - self.mean) / self.scale).astype(np.float32)

    def loss(self, outputs: Tensor, target: Tensor) -> Tensor:
        return self._loss(outputs.squeeze(-1), target)

    def read(self, outputs: Array) -> Columns:
        return {"prediction": outputs[:, 0] * self.scale + self.mean}

    def score(self, outputs: Array, encoded: npt.NDArray[Any]) -> dict[str, float]:
        target = encoded.astype(np.float64) * self.scale + self.mean
        return regression_metrics(self.read(outputs)["prediction"], target)

    def state(self) -> dict[str, Any]:
        return {"mean": self.mean, "scale": self.scale}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.mean, self.scale = state["mean"], state["scale"]


class Classification:
    """One of two or more classes for each sequence."""

    question = "classification"

    def __init__(self, balance: bool = False) -> None:
        self._balance = balance
        self._weights: Tensor | None = None
        self.classes: list[str] = []

    @property
    def outputs(self) -> int:
        return len(self.classes)

    def fit(self, targets: Sequence[str], lines: Sequence[int]) -> None:
        """Learn the classes, in numerical order where all are numbers, and their weights.

        Raises UserError: one_class, too_many_classes.
        """
        del lines
        self.classes = sorted(set(targets), key=_class_order)
        if len(self.classes) < 2:
            raise UserError(
                "one_class",
                f"Every training row has the label '{targets[0]}': a classifier needs at least two classes.",
            )
        if len(self.classes) > max(50, len(targets) // 4):
            raise UserError(
                "too_many_classes",
                f"{len(self.classes)} different labels in {len(targets)} rows look like numbers to predict: "
                "set task=regression.",
            )
        if self._balance:
            counts = np.array([targets.count(name) for name in self.classes])
            self._weights = torch.tensor(len(targets) / (len(counts) * counts), dtype=torch.float32)

    def encode(self, targets: Sequence[str], lines: Sequence[int]) -> npt.NDArray[np.int64]:
        """Class indices, shape (samples,). Raises UserError unseen_class with the line."""
        index = {name: position for position, name in enumerate(self.classes)}
        for target, line in zip(targets, lines, strict=True):
            if target not in index:
                raise UserError(
                    "unseen_class",
                    f"The label '{target}' never occurs in the training rows (they have "
                    f"{', '.join(self.classes[:10])}): move such rows to training or remove them.",
                    line or None,
                )
        return np.array([index[target] for target in targets], dtype=np.int64)

    def loss(self, outputs: Tensor, target: Tensor) -> Tensor:
        weights = None if self._weights is None else self._weights.to(outputs.device, outputs.dtype)
        return functional.cross_entropy(outputs, target, weight=weights)

    def read(self, outputs: Array) -> Columns:
        probabilities = softmax(outputs)
        names = np.array(self.classes)
        columns: Columns = {"prediction": names[probabilities.argmax(axis=1)]}
        columns |= {f"probability_{name}": probabilities[:, i] for i, name in enumerate(self.classes)}
        return columns

    def score(self, outputs: Array, encoded: npt.NDArray[Any]) -> dict[str, float]:
        return classification_metrics(softmax(outputs), encoded)

    def state(self) -> dict[str, Any]:
        return {"classes": self.classes}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.classes = list(state["classes"])


def softmax(outputs: Array) -> Array:
    """Probabilities from logits, shape (samples, classes)."""
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    probabilities: Array = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def _numbers(targets: Sequence[str], lines: Sequence[int]) -> Array:
    return np.array([_number(target, line) for target, line in zip(targets, lines, strict=True)])


def _number(target: str, line: int) -> float:
    try:
        value = float(target)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UserError(
            "bad_target",
            f"The target '{target}' is not a finite number: mend or remove the row, or, if targets are "
            "labels, set task=classification.",
            line or None,
        )
    return value


def _class_order(name: str) -> tuple[bool, float, str]:
    try:
        return (False, float(name), name)
    except ValueError:
        return (True, 0.0, name)
