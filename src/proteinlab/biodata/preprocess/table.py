"""What steps hand on to each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from proteinlab.biodata.records import Record


@dataclass(frozen=True, slots=True)
class Table:
    """Records, and further columns with one value for each."""

    records: list[Record] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.records)

    @property
    def sequences(self) -> list[str]:
        return [record.sequence for record in self.records]

    @property
    def sets(self) -> list[str | None]:
        return [record.set for record in self.records]

    def rows_of(self, *sets: str) -> list[int]:
        return [row for row, record in enumerate(self.records) if record.set in sets]

    def with_sets(self, sets: Sequence[str]) -> "Table":
        records = [replace(record, set=name) for record, name in zip(self.records, sets, strict=True)]
        return Table(records, self.columns)

    def with_column(self, name: str, values: Sequence[object]) -> "Table":
        if len(values) != len(self):
            raise ValueError(f"{len(values)} values for {len(self)} records")
        return Table(self.records, self.columns | {name: [str(value) for value in values]})
