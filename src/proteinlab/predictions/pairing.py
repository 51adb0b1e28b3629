"""Two runs' predictions for the same rows, and whether one is better."""

from dataclasses import replace
from typing import Any, Final

import pandas as pd

from proteinlab.errors import UserError
from proteinlab.predictions.reading import Predictions
from proteinlab.stats.bootstrap import REPLICATES
from proteinlab.stats.paired import SMALLER_IS_BETTER, Comparison, paired_bootstrap

_MOST_NAMED: Final = 3


def compared(
    first: Predictions, second: Predictions, *, level: float = 0.95, replicates: int = REPLICATES, seed: int = 0
) -> dict[str, Comparison]:
    """Every score that both have. Rows are matched by id, and residue; of equal ids by their order.

    Raises UserError: no_rows, different_tasks, different_rows, different_targets.
    """
    for one in (first, second):
        if one.table.empty:
            raise UserError("no_rows", f"'{one.path}' has no row in this split: choose another by split=.")
    if (first.kind, first.level, sorted(first.classes)) != (second.kind, second.level, sorted(second.classes)):
        raise UserError(
            "different_tasks",
            f"'{first.path}' answers {_task(first)}, '{second.path}' {_task(second)}: only runs that answer the same "
            "question can be compared.",
        )
    place = _matched(first, second)
    other = replace(second, table=second.table.iloc[place].reset_index(drop=True))
    different = (first.table["target"] != other.table["target"]).to_numpy()
    if different.any():
        named = _named(first.keys()[different])
        raise UserError(
            "different_targets",
            f"{int(different.sum())} rows have another target in '{second.path}' ({named}): compare runs on the same "
            "version of the data.",
        )
    return paired_bootstrap(
        first.scores(),
        other.scores(),
        first.units(),
        level=level,
        replicates=replicates,
        seed=seed,
    )


def _matched(first: Predictions, second: Predictions) -> Any:
    """For each row of the first, where the second has it."""
    mine, theirs = first.keys(), second.keys()
    for keys, others, path in ((mine, theirs, second.path), (theirs, mine, first.path)):
        missing = keys.difference(others)
        if len(missing):
            raise UserError(
                "different_rows",
                f"{len(missing)} of {len(keys)} rows are not in '{path}' ({_named(missing)}): compare runs on the same "
                "version of the data, split the same way.",
            )
    return theirs.get_indexer(mine)


def _named(keys: pd.MultiIndex) -> str:
    shown = ", ".join(str(key[0]) for key in keys[:_MOST_NAMED])
    return f"{shown} ..." if len(keys) > _MOST_NAMED else shown


def _task(predictions: Predictions) -> str:
    classes = f" of {len(predictions.classes)} classes" if predictions.classes else ""
    return f"{predictions.kind}{classes} by {predictions.level}"


def verdict(name: str, one: Comparison) -> str | None:
    """Which run is better by this score; None where the interval of the difference holds zero."""
    if not one.decided:
        return None
    return "first" if (one.difference.value > 0) != (name in SMALLER_IS_BETTER) else "second"
