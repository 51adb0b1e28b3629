"""The one door to sequences in files: FASTA, CSV, TSV, plain or gzip, told apart by content."""

from collections.abc import Iterator
from pathlib import Path

from proteinlab.biodata.blocks import GapRule, SequenceBlock
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.fasta import read_fasta
from proteinlab.biodata.formats import TABLES, Format, Source, recognise
from proteinlab.biodata.records import Columns, Record
from proteinlab.biodata.tables import guess_table_columns, read_table


def read_records(path: Path, columns: Columns | None = None) -> Iterator[Record]:
    """The records of a file in its order, in bounded memory. An aligned file keeps its gaps.

    `columns` names a table's columns; None guesses them from their names (see `columns_of` to name only
    some). FASTA takes id, target, set and mask from its headers. Raises DataError (wild_type_needed for a
    table of variants, which `variants.table` reads), at the latest on
    reaching the offending line; duplicate ids are not looked for here but in the quality report.
    """
    source = recognise(path)
    columns = columns or columns_of(path, source=source)
    if columns is not None and columns.variant is not None:
        detail = f"The column '{columns.variant}' holds variants: preprocessing makes sequences of them."
        raise DataError("wild_type_needed", detail, 1)
    for block in read_blocks(path, columns, source):
        yield from block.records()


def read_blocks(
    path: Path, columns: Columns | None = None, source: Source | None = None, gaps: GapRule | None = None
) -> Iterator[SequenceBlock]:
    """As `read_records`, many records at a time. A variant stands as its text in place of the sequence."""
    source = source or recognise(path)
    gaps = gaps or GapRule()
    columns = columns or columns_of(path, source=source)
    of_variants = columns is not None and columns.variant is not None
    found = False
    for block in _blocks(path, columns, source):
        found = True
        if not of_variants:  # their '-' is a deletion
            gaps.check(block)
            if block.partner is not None:
                gaps.check(block.partner)
        yield block
    gaps.finish()
    if not found:
        raise DataError("no_records", "The file has a header line and no rows: add the data.", 1)


def columns_of(
    path: Path,
    *,
    sequence: str | None = None,
    target: str | None = None,
    set: str | None = None,
    id: str | None = None,
    validation: str | None = None,
    mask: str | None = None,
    variant: str | None = None,
    partner: str | None = None,
    source: Source | None = None,
) -> Columns | None:
    """A table's columns, those named as given and the others guessed; None for FASTA."""
    source = source or recognise(path)
    if source.format not in TABLES:
        return None
    roles = {
        "sequence": sequence,
        "target": target,
        "set": set,
        "id": id,
        "validation": validation,
        "mask": mask,
        "variant": variant,
        "partner": partner,
    }
    named = {role: name for role, name in roles.items() if name is not None}
    return guess_table_columns(path, source.delimiter, named)


def _blocks(path: Path, columns: Columns | None, source: Source) -> Iterator[SequenceBlock]:
    if source.format is Format.FASTA:
        return read_fasta(path)
    if columns is not None:
        return read_table(path, source.delimiter, columns)
    raise DataError("not_sequences", f"This is a {source.kind} ({source.format}), not FASTA, CSV or TSV.", 1)
