"""What every step may use."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from proteinlab.biodata.preprocess.table import Table
from proteinlab.biodata.preprocess.workers import Workers
from proteinlab.biodata.records import Columns


@dataclass(slots=True)
class Run:
    """`source` is the input; a step that makes a better copy of it puts that in its place."""

    source: Path
    columns: Columns | None  # None: found by their names
    output: Path
    name: str
    seed: int
    workers: Workers
    temporary: Path
    notes: dict[str, Any] = field(default_factory=dict)  # what becomes split.json and the run's tags

    @property
    def dataset(self) -> Path:
        """The folder that becomes a version of the data set `name`."""
        folder = self.output / "datasets" / self.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


class Step(Protocol):
    def __call__(self, table: Table, run: Run) -> Table: ...
