"""Class names."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from proteinlab.training.errors import UserError
from proteinlab.training.outputs import Index
from proteinlab.training.rows import Words


def class_order(name: str) -> tuple[bool, float, str]:
    """Sorts numbers by value, before all other names."""
    try:
        return (False, float(name), name)
    except ValueError:
        return (True, 0.0, name)


def positions(words: Words, classes: Sequence[str], lines: Index) -> npt.NDArray[np.int64]:
    """Where each word stands among the classes, (words,). Raises UserError unseen_class with the line."""
    names, row_name = np.unique(words, return_inverse=True)
    index = {name: position for position, name in enumerate(classes)}
    found = np.array([index.get(name, -1) for name in names.tolist()], dtype=np.int64)[row_name]
    unseen = np.flatnonzero(found < 0)
    if unseen.size:
        row = int(unseen[0])
        raise UserError(
            "unseen_class",
            f"The label '{words[row]}' never occurs in the training rows (they have "
            f"{', '.join(classes[:10])}): move such rows to training or remove them.",
            int(lines[row]) or None,
        )
    return found
