"""Steps that decide which record serves for what."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.homology.clusters import Method, cluster
from proteinlab.biodata.preprocess.run import Run
from proteinlab.biodata.preprocess.table import Table
from proteinlab.biodata.splits import (
    Fractions,
    SetName,
    column_split,
    group_split,
    mutation_split,
    random_split,
    split_id,
)


@dataclass(frozen=True)
class Cluster:
    """Adds the column `cluster`."""

    identity: float = 0.3
    method: Method = "auto"

    def __call__(self, table: Table, run: Run) -> Table:
        found = cluster(table.sequences, self.identity, self.method)
        sizes = found.sizes.tolist()
        run.notes["clusters"] = {
            "count": len(sizes),
            "largest": sizes[:10],
            "single": sizes.count(1),
            "identity": self.identity,
            "method": found.method,
        }
        share = sizes[0] / len(table) if sizes else 0.0
        print(f"  {len(sizes):,} clusters at {self.identity:.0%} identity, the largest has {share:.0%}", flush=True)
        return table.with_column("cluster", found.labels.tolist())


@dataclass(frozen=True)
class RandomSplit:
    val: float = 0.1
    test: float = 0.2

    def __call__(self, table: Table, run: Run) -> Table:
        sets = random_split(len(table), Fractions(self.val, self.test), run.seed)
        return _divided(table, sets, run, "random", val=self.val, test=self.test)


@dataclass(frozen=True)
class ClusterSplit:
    """Needs the step `Cluster` before it."""

    val: float = 0.1
    test: float = 0.2

    def __call__(self, table: Table, run: Run) -> Table:
        groups = _column(table, "cluster", "steps.cluster adds it")
        sets = group_split(groups, Fractions(self.val, self.test), run.seed)
        return _divided(table, sets, run, "cluster", val=self.val, test=self.test)


@dataclass(frozen=True)
class ColumnSplit:
    """By the values of a column that the reading step keeps. Values not named in one of the lists are drawn."""

    column: str
    train_values: Sequence[str] = ()
    val_values: Sequence[str] = ()
    test_values: Sequence[str] = ()
    val: float = 0.1
    test: float = 0.2

    def __call__(self, table: Table, run: Run) -> Table:
        values = _column(table, self.column, f"name it in steps.read.keep=[{self.column}]")
        named: dict[str, SetName] = {
            **{str(value): "train" for value in self.train_values},
            **{str(value): "val" for value in self.val_values},
            **{str(value): "test" for value in self.test_values},
        }
        sets = column_split(values, named, Fractions(self.val, self.test), run.seed)
        return _divided(table, sets, run, f"column {self.column}", val=self.val, test=self.test, values=named)


@dataclass(frozen=True)
class MutationSplit:
    """Needs the column `mutations`, which reading variants adds."""

    most_in_training: int = 1
    val: float = 0.1

    def __call__(self, table: Table, run: Run) -> Table:
        counts = [int(value) for value in _column(table, "mutations", "preprocess=variants adds it")]
        sets = mutation_split(counts, self.most_in_training, Fractions(self.val, 0), run.seed)
        return _divided(table, sets, run, "mutations", val=self.val, most_in_training=self.most_in_training)


@dataclass(frozen=True)
class GivenSplit:
    """The sets that the file names."""

    def __call__(self, table: Table, run: Run) -> Table:
        missing = next((record for record in table.records if record.set is None), None)
        if missing is not None:
            detail = f"'{missing.id}' is in no set: fill the set column, or split otherwise (split=cluster)."
            raise DataError("missing_set", detail, missing.line or None)
        return _divided(table, [str(name) for name in table.sets], run, "given by the file")


def _column(table: Table, name: str, hint: str) -> list[str]:
    if name not in table.columns:
        raise DataError("missing_column", f"The split needs the column '{name}': {hint}.")
    return table.columns[name]


def _divided(table: Table, divided_sets: Sequence[str], run: Run, method: str, **parameters: Any) -> Table:
    divided = table.with_sets(divided_sets)
    sizes = dict(sorted(Counter(divided_sets).items()))
    run.notes["split"] = {
        "split_id": split_id(divided.sequences, divided.sets),
        "method": method,
        "seed": run.seed,
        "parameters": parameters,
        "sizes": sizes,
    }
    print("  " + ", ".join(f"{count:,} {name}" for name, count in sizes.items()), flush=True)
    return divided
