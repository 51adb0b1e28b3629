"""Records of a file, with the columns that config names."""

from collections.abc import Mapping
from pathlib import Path

from proteinlab.biodata.readers import columns_of, read_records
from proteinlab.biodata.records import Record
from proteinlab.training.errors import UserError


def read_table(path: Path, columns: Mapping[str, str | None]) -> list[Record]:
    """All records. Columns that are None are found by their usual names; FASTA has none.

    Raises UserError no_such_file and whatever DataError the reader has.
    """
    if not path.is_file():
        raise UserError("no_such_file", f"'{path}' is not a file: give the path of a FASTA, CSV or TSV file.")
    chosen = columns_of(
        path,
        sequence=columns.get("sequence"),
        target=columns.get("target"),
        set=columns.get("set"),
        id=columns.get("id"),
        validation=columns.get("validation"),
    )
    return list(read_records(path, chosen))
