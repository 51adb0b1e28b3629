"""A logged model with all that is said of a sequence: the one way of predicting, for tables and for single requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proteinlab.biodata.homology.nearest import Budget
from proteinlab.biodata.records import Record
from proteinlab.training.relatives import Relatives
from proteinlab.training.served import ServedModel

NEAREST = "nearest_training_identity"


@dataclass(frozen=True)
class Predictor:
    served: ServedModel
    relatives: Relatives

    @classmethod
    def load(cls, folder: Path, budget: Budget | None = None) -> "Predictor":
        return cls(ServedModel.load(folder), Relatives.load(folder, budget))

    @property
    def takes_pairs(self) -> bool:
        return self.served.task.level == "pair"

    def columns(self, records: Sequence[Record], partners: Sequence[Record] | None = None) -> dict[str, Any]:
        """A table's columns: what it is of, the prediction, its uncertainty, how near the training set is, the rest.

        Raises UserError for a sequence that the model cannot take.
        """
        read = self.served.columns(records, partners)
        others = None if partners is None else [record.sequence for record in partners]
        nearest = self.relatives.identity([record.sequence for record in records], others)
        columns = {}
        for name, values in read.items():
            columns[name] = values
            if name == "uncertainty":
                columns[NEAREST] = nearest[read["sample"]] if "sample" in read else nearest
        return _named(records, partners, columns)


def _named(records: Sequence[Record], partners: Sequence[Record] | None, read: Mapping[str, Any]) -> dict[str, Any]:
    """Predictions with what they are of: the id, and the sequences or the residue."""
    columns = dict(read)
    if "sample" in columns:
        return {"id": [records[i].id for i in columns.pop("sample").tolist()], **columns}
    named: dict[str, Any] = {"id": [record.id for record in records]}
    named["sequence"] = [record.sequence for record in records]
    if partners is not None:
        named["partner"] = [record.sequence for record in partners]
    return {**named, **columns}
