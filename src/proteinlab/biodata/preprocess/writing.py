"""The step that writes the new data set."""

import csv
import gzip
import io
from dataclasses import dataclass

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
        with io.StringIO(newline="") as text:
            csv.writer(text, lineterminator="\n").writerows(_rows(table))
            content = text.getvalue().encode()
        # No time stamp: the same input makes the same bytes.
        path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
        write_json(run.output / "report.json", report(path).to_dict())
        run.write_notes("split.json")
        print(f"  {len(table):,} records in {path.relative_to(run.output)}", flush=True)
        return table


def _rows(table: Table) -> list[list[str]]:
    """The header and all rows; a column of records that no record has is left out."""
    roles = [role for role in ("target", "set", "mask") if any(getattr(one, role) is not None for one in table.records)]
    extra = [name for name in table.columns if name not in {"id", "sequence", *roles}]
    rows = [["id", "sequence", *roles, *extra]]
    for number, record in enumerate(table.records):
        own = [getattr(record, role) or "" for role in roles]
        rows.append([record.id, record.sequence, *own, *(table.columns[name][number] for name in extra)])
    return rows
