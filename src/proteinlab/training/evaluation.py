"""Scores and predictions of a trained model."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from proteinlab.training.datamodule import SequenceDataModule
from proteinlab.training.inference import network_outputs
from proteinlab.training.samples import Samples
from proteinlab.training.served import ServedModel
from proteinlab.training.splits import SPLITS, Split

# Scores of the training set say little, and those of validation belong to the epoch chosen by them.
_PREFIX: dict[Split, str] = {"test": "test", "val": "best_val"}


def evaluate(served: ServedModel, samples: Samples, data: SequenceDataModule) -> tuple[dict[str, float], pd.DataFrame]:
    """Metrics on test and validation rows; predictions for all rows (id, target, prediction, split, ...)."""
    metrics: dict[str, float] = {}
    parts = []
    for split in SPLITS:
        index = samples.indices(split)
        outputs = network_outputs(served.net, data.encoded[split])
        where = {"row": np.array(index)[outputs.sample], "word": data.rows[split].words}
        if outputs.position is not None:
            where["position"] = outputs.position
        parts.append(pd.DataFrame(where | served.task.read(outputs.values)))
        if split in _PREFIX:
            scores = served.task.score(outputs.values, data.encoded[split].targets)
            metrics |= {f"{_PREFIX[split]}_{name}": value for name, value in scores.items()}
    return metrics, _table(samples, pd.concat(parts))


def _table(samples: Samples, read: pd.DataFrame) -> pd.DataFrame:
    """In the order of the file, a row for each sequence, pair or residue that counts."""
    order = ["row", "position"] if "position" in read else ["row"]
    read = read.sort_values(order).reset_index(drop=True)
    row = read.pop("row").to_numpy()
    table = read.rename(columns={"word": "target"})
    table.insert(0, "id", np.array(samples.ids)[row])
    table.insert(list(table.columns).index("prediction") + 1, "split", np.array(samples.splits)[row])
    return table


def write_results(folder: Path, metrics: dict[str, float], predictions: pd.DataFrame) -> None:
    """`metrics.json` and `predictions.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    predictions.to_csv(folder / "predictions.csv", index=False)


def write_timings(folder: Path, fit_seconds: float) -> None:
    """`timings.json`, apart from the metrics: a resumed run has the same metrics, never the same times."""
    (folder / "timings.json").write_text(json.dumps({"fit_seconds": fit_seconds}, indent=1) + "\n", encoding="utf-8")
