"""Writes `predictions.parquet`; `proteinlab.predictions.reading` says what is in it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from proteinlab.predictions.reading import FILENAME, METADATA, VERSION
from proteinlab.stats.arrays import Index
from proteinlab.training.splits import SPLITS

if TYPE_CHECKING:
    from proteinlab.training.evaluation.evaluating import Evaluation


def table_of(evaluation: "Evaluation") -> pd.DataFrame:
    """The predictions of all splits."""
    samples, kinship = evaluation.subject.samples, evaluation.subject.kinship
    parts = []
    for split in SPLITS:
        questions = evaluation.subject.questions.get(split)
        if questions is None or not len(questions):
            continue
        place = {} if questions.position is None else {"position": questions.position}
        numbers = evaluation.served.task.kind == "regression"
        columns: dict[str, Any] = {"row": questions.sample, **place}
        columns["target"] = questions.truth if numbers else questions.words
        said = dict(evaluation.answered[split].columns)
        columns |= {"prediction": said.pop("prediction"), "uncertainty": said.pop("uncertainty"), "split": split}
        columns["nearest_training_identity"] = kinship.identity[questions.sample]
        if evaluation.units.kind == "cluster":
            columns["cluster"] = _clusters(evaluation, questions.sample)
        parts.append(pd.DataFrame(columns | said))
    table = pd.concat(parts)
    table = table.sort_values(["row", "position"] if "position" in table else "row").reset_index(drop=True)
    row = table.pop("row").to_numpy()
    table.insert(0, "id", np.array(samples.ids)[row])
    return table


def _clusters(evaluation: "Evaluation", sample: Index) -> Any:
    index = np.array(evaluation.subject.samples.indices("test"))
    place = np.minimum(np.searchsorted(index, sample), len(index) - 1)
    clusters = pd.array(evaluation.units.of_sample[place], dtype="Int64")
    clusters[index[place] != sample] = pd.NA
    return clusters


def write_predictions(evaluation: "Evaluation", folder: Path) -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    task = evaluation.served.task
    about = {
        "version": VERSION,
        "kind": task.kind,
        "level": task.level,
        "classes": task.classes,
        "threshold": getattr(task, "threshold", None),
    }
    table = pa.Table.from_pandas(table_of(evaluation), preserve_index=False)
    table = table.replace_schema_metadata({METADATA: json.dumps(about, ensure_ascii=False).encode()})
    path = folder / FILENAME
    partial = path.with_suffix(".partial")
    parquet.write_table(table, partial, compression="zstd")
    partial.replace(path)
    return path
