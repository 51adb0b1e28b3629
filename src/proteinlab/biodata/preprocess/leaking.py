"""The step that measures leakage."""

import csv
from dataclasses import dataclass

import numpy as np

from proteinlab.biodata import leakage
from proteinlab.biodata.homology.identity import FloatArray
from proteinlab.biodata.homology.nearest import Nearest, find_nearest
from proteinlab.biodata.homology.parent import ONE_PARENT, have_one_parent
from proteinlab.biodata.preprocess.run import Run
from proteinlab.biodata.preprocess.table import Table

CHUNKS_PER_PROCESS = 4
SMALLEST_CHUNK = 64


@dataclass(frozen=True)
class Leakage:
    """Writes leakage.csv: of each validation and test record the nearest training record and the identity to it.

    `tolerated` is the share of test records that may reach `limit`; with more of them the run ends with the error
    leaky_split. None refuses nothing. Variants of one parent leak only where they stand in both sets unchanged.
    """

    limit: float = leakage.LIMIT
    tolerated: float | None = None

    def __call__(self, table: Table, run: Run) -> Table:
        train, others = table.rows_of("train"), [row for row, name in enumerate(table.sets) if name != "train"]
        nearest = self._search(table, train, others, run)
        with (run.output / "leakage.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["id", "set", "nearest_training_identity", "nearest_training_id"])
            for row, identity, at in zip(others, nearest.identity.tolist(), nearest.row.tolist(), strict=True):
                record = table.records[row]
                relative = table.records[train[at]].id if at >= 0 else ""
                writer.writerow([record.id, record.set, f"{identity:.4f}", relative])
        tested = nearest.identity[[table.records[row].set != "val" for row in others]]
        one_parent = have_one_parent(table.sequences)
        limit = 1.0 if one_parent else self.limit
        run.notes["leakage"] = {"limit": limit, "one_parent": one_parent, **leakage.summary(tested)}
        run.notes["tags"] = leakage.tags(tested, limit) | ({"leakage.level": ONE_PARENT} if one_parent else {})
        self._tell(tested, limit, one_parent)
        if self.tolerated is not None:
            leakage.refuse_leaky(tested, limit, self.tolerated)
        return table

    def _search(self, table: Table, train: list[int], others: list[int], run: Run) -> Nearest:
        sequences = table.sequences
        size = max(SMALLEST_CHUNK, -(-len(others) // (CHUNKS_PER_PROCESS * run.workers.processes)))
        chunks = [[sequences[row] for row in others[at : at + size]] for at in range(0, len(others), size)]
        found = run.workers.map("nearest relatives", _nearest, chunks, [sequences[row] for row in train])
        return Nearest(
            np.concatenate([np.zeros(0, dtype=np.float32), *(one.identity for one in found)]),
            np.concatenate([np.zeros(0, dtype=np.int64), *(one.row for one in found)]),
        )

    @staticmethod
    def _tell(tested: FloatArray, limit: float, one_parent: bool) -> None:
        reached = int((tested >= limit).sum())
        what = f"{ONE_PARENT}; " if one_parent else ""
        print(
            f"  {what}{reached:,} of {len(tested):,} test records have a training relative at {limit:.0%}", flush=True
        )


def _nearest(queries: list[str], targets: list[str]) -> Nearest:
    return find_nearest(targets, queries)
