"""The step that writes the new data set."""

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from proteinlab.biodata.preprocess.run import Run, write_json
from proteinlab.biodata.preprocess.table import Table
from proteinlab.biodata.quality import report


@dataclass(frozen=True)
class WriteTable:
    """One CSV file, which is the data set, so that training takes it as it is. Beside it, as results of the run:
    report.json (its quality report) and split.json (split, clusters, leakage, what cleaning did).
    """

    filename: str = "data.csv.gz"

    def __call__(self, table: Table, run: Run) -> Table:
        path = run.dataset / self.filename
        with _opened(path) as text:
            csv.writer(text, lineterminator="\n").writerows(_rows(table))
        write_json(run.output / "report.json", report(path).to_dict())
        run.write_notes("split.json")
        print(f"  {len(table):,} records in {path.relative_to(run.output)}", flush=True)
        return table


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    """Packed without a time stamp: the same input makes the same bytes."""
    with path.open("wb") as raw:
        stream = gzip.GzipFile("", "wb", mtime=0, fileobj=raw) if path.suffix == ".gz" else raw
        with io.TextIOWrapper(stream, encoding="utf-8", newline="") as text:
            yield text


def _rows(table: Table) -> Iterator[list[str]]:
    """The header and all rows; a column of records that no record has is left out."""
    roles = [role for role in ("target", "set", "mask") if any(getattr(one, role) is not None for one in table.records)]
    extra = [name for name in table.columns if name not in {"id", "sequence", *roles}]
    yield ["id", "sequence", *roles, *extra]
    for number, record in enumerate(table.records):
        own = [getattr(record, role) or "" for role in roles]
        yield [record.id, record.sequence, *own, *(table.columns[name][number] for name in extra)]
