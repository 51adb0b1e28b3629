"""What every step may use."""

import json
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
    notes: dict[str, Any] = field(default_factory=dict)  # written by the last step; `tags` for the MLflow run

    @property
    def dataset(self) -> Path:
        """The folder that becomes a version of the data set `name`."""
        folder = self.output / "datasets" / self.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def write_notes(self, filename: str = "notes.json") -> None:
        """What the steps noted, except the tags, as a result of the run."""
        write_json(self.output / filename, {key: self.notes[key] for key in self.notes if key != "tags"})


def write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


class Step(Protocol):
    def __call__(self, table: Table, run: Run) -> Table: ...
