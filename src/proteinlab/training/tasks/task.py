"""What every task can do, whatever its kind and level."""

from collections.abc import Mapping
from typing import Any, Protocol, get_args

import numpy as np
import numpy.typing as npt
from torch import Tensor

from proteinlab.stats.kinds import Kind
from proteinlab.training.errors import UserError
from proteinlab.training.metrics import Array
from proteinlab.training.rows import Level, Rows

Columns = dict[str, npt.NDArray[Any]]  # name -> one value a row; "prediction" is always there
Targets = npt.NDArray[np.float32] | npt.NDArray[np.int64]

LEVELS: tuple[Level, ...] = get_args(Level)


class Task(Protocol):
    """One kind of question, asked at one level: of whole sequences, of pairs, or of residues.

    A task is made from config, learns from the training rows (`fit`), and its `state` is kept with the model,
    so that a served model reads its outputs as the trained one did. All it does is row by row, so the level
    makes no difference to it.
    """

    kind: Kind
    level: Level
    classes: list[str]
    """Names of classes or labels, in the order of the outputs; none where the answer is a number."""

    @property
    def outputs(self) -> int: ...

    def fit(self, rows: Rows) -> None: ...
    def encode(self, rows: Rows) -> Targets: ...
    def loss(self, outputs: Tensor, target: Tensor) -> Tensor:
        """The mean over rows, so that parts of a batch weighted by their rows add up to the whole."""

    def read(self, values: Array) -> Columns: ...
    def score(self, values: Array, encoded: npt.NDArray[Any]) -> dict[str, float]: ...
    def state(self) -> dict[str, Any]: ...
    def restore(self, state: Mapping[str, Any]) -> None: ...


def checked_level(level: str, allowed: tuple[Level, ...] = LEVELS) -> Level:
    """Raises UserError unknown_level."""
    for known in allowed:
        if level == known:
            return known
    raise UserError("unknown_level", f"task.level={level} is not possible here: take {', '.join(allowed)}.")
