"""The story of a comparison: two runs' predictions for the same rows, and whether one is better."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from omegaconf import DictConfig

from proteinlab.training.building import build

if TYPE_CHECKING:
    from proteinlab.stats.paired import Comparison


def compare(cfg: DictConfig) -> dict[str, float]:
    """Paired bootstrap of the first run against the second; writes `comparison.json`.

    Raises UserError where the two have not predicted the same.
    """
    from proteinlab.predictions.pairing import compared, verdict
    from proteinlab.predictions.reading import read_predictions
    from proteinlab.training.tracking import recorded_run

    settings = build(cfg.evaluation)
    first, second = (read_predictions(Path(path)).of_split(cfg.split) for path in (cfg.first.path, cfg.second.path))
    found = compared(first, second, level=settings.level, replicates=settings.replicates, seed=settings.seed)
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
    from proteinlab.predictions.pairing import verdict

    words = {"first": "the first is better", "second": "the second is better", None: "not decided"}
    return [
        f"{name}: {one.first:.4f} against {one.second:.4f}, difference {one.difference.value:+.4f} "
        f"[{one.difference.low:+.4f}, {one.difference.high:+.4f}] at {level:.0%}, p {one.p_value:.2g}: "
        f"{words[verdict(name, one)]}"
        for name, one in found.items()
    ]
