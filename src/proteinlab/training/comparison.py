"""The story of a comparison: two runs' predictions for the same rows, and whether one is better."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig

from proteinlab.training.building import build
from proteinlab.training.errors import UserError

if TYPE_CHECKING:
    import pandas as pd

    from proteinlab.stats.paired import Comparison
    from proteinlab.training.evaluation.predictions import Predictions
    from proteinlab.training.evaluation.settings import Settings

_MOST_NAMED = 3


def compare(cfg: DictConfig) -> dict[str, float]:
    """Paired bootstrap of the first run against the second; writes `comparison.json`.

    Raises UserError where the two have not predicted the same.
    """
    from proteinlab.training.evaluation.predictions import read_predictions
    from proteinlab.training.tracking import recorded_run

    settings = build(cfg.evaluation)
    first, second = (read_predictions(Path(path)).of_split(cfg.split) for path in (cfg.first.path, cfg.second.path))
    found = compared(first, second, settings)
    output = Path(cfg.output_dir)
    output.mkdir(parents=True, exist_ok=True)
    content = {
        "first": str(first.path),
        "second": str(second.path),
        "split": cfg.split,
        "rows": len(first.table),
        "method": "paired bootstrap, percentile intervals",
        "level": settings.level,
        "scores": {name: {**asdict(one), "better": verdict(name, one)} for name, one in found.items()},
    }
    (output / "comparison.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    metrics = flat(found)
    with recorded_run(cfg.track, resumed=False) as record:
        record.metrics(metrics, step=0)
        record.artifacts(output)
    print("\n".join(lines(found, settings.level)), flush=True)
    return metrics


def compared(first: "Predictions", second: "Predictions", settings: "Settings") -> dict[str, "Comparison"]:
    """Every score that both have. Rows are matched by id, and residue; of equal ids by their order.

    Raises UserError: no_rows, different_tasks, different_rows, different_targets.
    """
    from dataclasses import replace

    from proteinlab.stats.paired import paired_bootstrap

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
        level=settings.level,
        replicates=settings.replicates,
        seed=settings.seed,
    )


def _matched(first: "Predictions", second: "Predictions") -> Any:
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


def _named(keys: "pd.MultiIndex") -> str:
    shown = ", ".join(str(key[0]) for key in keys[:_MOST_NAMED])
    return f"{shown} ..." if len(keys) > _MOST_NAMED else shown


def _task(predictions: "Predictions") -> str:
    classes = f" of {len(predictions.classes)} classes" if predictions.classes else ""
    return f"{predictions.kind}{classes} by {predictions.level}"


def verdict(name: str, one: "Comparison") -> str | None:
    """Which run is better by this score; None where the interval of the difference holds zero."""
    from proteinlab.stats.paired import SMALLER_IS_BETTER

    if not one.decided:
        return None
    return "first" if (one.difference.value > 0) != (name in SMALLER_IS_BETTER) else "second"


def flat(found: dict[str, "Comparison"]) -> dict[str, float]:
    """`difference_<score>` with `_low` and `_high`, and `p_value_<score>`."""
    metrics = {}
    for name, one in found.items():
        metrics[f"difference_{name}"] = one.difference.value
        metrics[f"difference_{name}_low"] = one.difference.low
        metrics[f"difference_{name}_high"] = one.difference.high
        metrics[f"p_value_{name}"] = one.p_value
    return metrics


def lines(found: dict[str, "Comparison"], level: float) -> list[str]:
    """A line for each score."""
    words = {"first": "the first is better", "second": "the second is better", None: "not decided"}
    return [
        f"{name}: {one.first:.4f} against {one.second:.4f}, difference {one.difference.value:+.4f} "
        f"[{one.difference.low:+.4f}, {one.difference.high:+.4f}] at {level:.0%}, p {one.p_value:.2g}: "
        f"{words[verdict(name, one)]}"
        for name, one in found.items()
    ]
