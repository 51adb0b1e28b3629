"""`predictions.parquet`: the contract on which comparison, binned scores and re-analysis stand.

One row for each sequence, pair or residue that counts, in the order of the data file:

| column | type | meaning |
| --- | --- | --- |
| `id` | string | of the sequence, as in the data |
| `position` | int64 | for residues: counted from 1 |
| `target`, `prediction` | double, or string for classes; several labels stand between semicolons | |
| `uncertainty` | double | see `uncertainty.py`; null where nothing can be said |
| `split` | string | train, val or test |
| `nearest_training_identity` | float | in [0, 1]; null for training rows and where not searched |
| `cluster` | int64 | of tested sequences, where scores were resampled by cluster; else absent |
| `probability_<class>` | double | for classes and labels |

The schema's metadata, under the key `proteinlab`, is JSON: `version`, `kind`, `level`, `classes`, `threshold`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from proteinlab.errors import UserError
from proteinlab.stats.arrays import Array, Index, Scores
from proteinlab.stats.kinds import Kind, scores_for

FILENAME: Final = "predictions.parquet"
METADATA: Final = b"proteinlab"
VERSION: Final = 1
_LABELS: Final = ";"


@dataclass(frozen=True)
class Predictions:
    """A file read back."""

    path: Path
    table: pd.DataFrame
    kind: Kind
    level: str
    classes: list[str]
    threshold: float

    def of_split(self, split: str) -> "Predictions":
        chosen = self.table[self.table["split"] == split].reset_index(drop=True)
        return Predictions(self.path, chosen, self.kind, self.level, self.classes, self.threshold)

    def keys(self) -> pd.MultiIndex:
        """What names a row: its id, for residues the position, and its number among rows named alike."""
        columns = ["id", "position"] if "position" in self.table else ["id"]
        return pd.MultiIndex.from_frame(self.table[columns].assign(number=self.table.groupby(columns).cumcount()))

    def scores(self) -> Scores:
        return scores_for(self.kind, self._answers(), self._truth(), self.threshold)

    def units(self) -> Index:
        """The unit of each row in resampling: its cluster if there is one, else its sequence or pair."""
        units: Index
        if "cluster" in self.table and self.table["cluster"].notna().all():
            units = np.unique(self.table["cluster"].to_numpy(dtype=np.int64), return_inverse=True)[1]
        elif "position" in self.table:
            units = np.unique(self.table["id"].to_numpy(dtype=str), return_inverse=True)[1]
        else:
            units = np.arange(len(self.table))
        return units

    def _answers(self) -> Array:
        if self.kind == "regression":
            numbers: Array = self.table["prediction"].to_numpy(dtype=np.float64)
            return numbers
        return np.stack([self.table[f"probability_{name}"].to_numpy(dtype=np.float64) for name in self.classes], axis=1)

    def _truth(self) -> npt.NDArray[Any]:
        target = self.table["target"]
        if self.kind == "regression":
            return target.to_numpy(dtype=np.float64)
        if self.kind == "classification":
            place = {name: number for number, name in enumerate(self.classes)}
            return np.array([place[name] for name in target], dtype=np.int64)
        chosen = [{word.strip() for word in words.split(_LABELS)} for words in target]
        return np.array([[name in words for name in self.classes] for words in chosen], dtype=np.float64)


def read_predictions(path: Path) -> Predictions:
    """A file, or the one in a folder of results. Raises UserError: no_such_file, not_predictions."""
    from pyarrow import ArrowInvalid, parquet

    file = path / FILENAME if path.is_dir() else path
    if not file.is_file():
        raise UserError("no_such_file", f"'{file}' is not there: give the {FILENAME} of a run, or its folder.")
    try:
        table = parquet.read_table(file)
    except ArrowInvalid as error:
        raise UserError("not_predictions", f"'{file}' is no Parquet file: {error}") from error
    about = (table.schema.metadata or {}).get(METADATA)
    if about is None:
        raise UserError("not_predictions", f"'{file}' was not written by an evaluation: its schema says nothing of it.")
    known = json.loads(about)
    if known["version"] != VERSION:
        detail = f"'{file}' has version {known['version']}, this code reads version {VERSION}: take the newer code."
        raise UserError("not_predictions", detail)
    frame = table.to_pandas()
    return Predictions(file, frame, known["kind"], known["level"], known["classes"], known["threshold"] or 0.5)
