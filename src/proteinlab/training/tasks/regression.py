"""Numbers."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor
from torch.nn import functional

from proteinlab.stats.kinds import Kind
from proteinlab.training.errors import UserError
from proteinlab.training.metrics import Array, regression_metrics
from proteinlab.training.rows import Rows
from proteinlab.training.tasks.task import Columns, checked_level

Loss = Callable[[Tensor, Tensor], Tensor]
LOSSES: dict[str, Loss] = {"mse": functional.mse_loss, "huber": functional.huber_loss, "mae": functional.l1_loss}


class Regression:
    """A number for each row. Networks see standardised targets; all else sees the file's units."""

    kind: Kind = "regression"
    outputs = 1

    def __init__(self, level: str = "sequence", standardize: bool = True, loss: str = "mse") -> None:
        if loss not in LOSSES:
            raise UserError("unknown_loss", f"task.loss={loss} is unknown: take {', '.join(LOSSES)}.")
        self.level = checked_level(level)
        self._loss = LOSSES[loss]
        self._standardize = standardize
        self.mean, self.scale = 0.0, 1.0
        self.classes: list[str] = []

    def fit(self, rows: Rows) -> None:
        """Learn mean and deviation. Raises UserError: bad_target with the line, constant_target."""
        if not self._standardize:
            return
        values = _numbers(rows)
        self.mean = float(values.mean())
        self.scale = float(values.std())
        if self.scale == 0.0:
            raise UserError("constant_target", f"Every training target is {rows.words[0]}: nothing to learn.")

    def encode(self, rows: Rows) -> npt.NDArray[np.float32]:
        """Standardised targets, shape (rows,). Raises UserError bad_target with the line."""
        return ((_numbers(rows) - self.mean) / self.scale).astype(np.float32)

    def loss(self, outputs: Tensor, target: Tensor) -> Tensor:
        return self._loss(outputs.squeeze(-1), target)

    def read(self, values: Array) -> Columns:
        return {"prediction": values[:, 0] * self.scale + self.mean}

    def score(self, values: Array, encoded: npt.NDArray[Any]) -> dict[str, float]:
        target = encoded.astype(np.float64) * self.scale + self.mean
        return regression_metrics(self.read(values)["prediction"], target)

    def state(self) -> dict[str, Any]:
        return {"mean": self.mean, "scale": self.scale}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.mean, self.scale = state["mean"], state["scale"]


def _numbers(rows: Rows) -> Array:
    values = np.array([_number(word) for word in rows.words.tolist()])
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise UserError(
            "bad_target",
            f"The target '{rows.words[bad[0]]}' is not a finite number: mend or remove the row, or, if targets are "
            "labels, set task=classification.",
            int(rows.lines[bad[0]]) or None,
        )
    return values


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return np.nan
