"""CSV and TSV, a batch of rows at a time."""

import csv
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from proteinlab.biodata.blocks import Ids, Labels, SequenceBlock, build_block
from proteinlab.biodata.columns import column_position, column_positions, guess_columns
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.records import Columns, final_set, set_name
from proteinlab.biodata.residues import IntArray
from proteinlab.biodata.streams import read_chunks
from proteinlab.biodata.variants.blocks import variant_block

BATCH_ROWS = 4096
BATCH_LETTERS = 1 << 20
LONGEST_FIELD = 1 << 25
Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Head:
    """A table's column names and its first row (empty if it has none)."""

    names: list[str]
    first: list[str]


def read_head(path: Path, delimiter: str) -> Head:
    """Raises DataError as `read_table` does for what stands in the first two rows."""
    rows = read_rows(path, delimiter)
    names = read_header(rows)
    return Head(names, next(rows, (0, []))[1])


def read_table(path: Path, delimiter: str, columns: Columns) -> Iterator[SequenceBlock]:
    """Memory is that of a batch: 4096 rows or 1 MiB of residues, or of the longest field.

    Raises DataError: missing_column, duplicate_column, ragged_row, bad_table, not_utf8, empty_sequence,
    illegal_residue, bad_boolean, of variants bad_variant and duplicate_position, and what `read_chunks`
    raises.
    """
    rows = read_rows(path, delimiter)
    names = read_header(rows)
    positions = column_positions(names, columns)
    sequence = positions["sequence" if columns.variant is None else "variant"]
    batch: list[Row] = []
    letters = count = 0
    for line, row in rows:
        if len(row) != len(names):
            raise _ragged(len(row), len(names), delimiter, line)
        batch.append((line, row))
        letters += len(row[sequence])
        if len(batch) == BATCH_ROWS or letters > BATCH_LETTERS:
            yield _block(batch, positions, count)
            count += len(batch)
            batch, letters = [], 0
    if batch:
        yield _block(batch, positions, count)


def read_columns(path: Path, delimiter: str, names: Sequence[str]) -> Iterator[list[str]]:
    """The named columns of each row that `read_table` reads. Raises DataError as it does."""
    rows = read_rows(path, delimiter)
    header = read_header(rows)
    places = [column_position(header, "keep", name) for name in names]
    for line, row in rows:
        if len(row) != len(header):
            raise _ragged(len(row), len(header), delimiter, line)
        yield [row[place].strip() for place in places]


def guess_table_columns(path: Path, delimiter: str, named: Mapping[str, str] | None = None) -> Columns:
    head = read_head(path, delimiter)
    return guess_columns(head.names, named, head.first)


def _ragged(fields: int, wanted: int, delimiter: str, line: int) -> DataError:
    sign = "tab" if delimiter == "\t" else delimiter
    detail = f"The row has {fields} fields, the header {wanted}: quote fields that hold a '{sign}'."
    return DataError("ragged_row", detail, line)


def read_header(rows: Iterator[Row]) -> list[str]:
    """Takes the first row; names without white space around them, in Unicode's composed form."""
    _, names = next(rows, (1, []))
    return [unicodedata.normalize("NFC", name.strip()) for name in names]


def read_rows(path: Path, delimiter: str) -> Iterator[Row]:
    """Each row that is not blank, with the line it starts on."""
    if csv.field_size_limit() < LONGEST_FIELD:
        csv.field_size_limit(LONGEST_FIELD)  # the limit is the process's; Python's default is 128 KiB
    reader = csv.reader(_lines(path), delimiter=delimiter, strict=True)
    start = 1
    try:
        for row in reader:
            if row and not (len(row) == 1 and not row[0].strip()):
                yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        detail = f"The row cannot be read ({error}): check its quotes."
        raise DataError("bad_table", detail, start) from error
    except DataError as error:
        raise error.at(reader.line_num + 1) from error


def _lines(path: Path) -> Iterator[str]:
    held, line = b"", 1
    for chunk in read_chunks(path):
        whole, feed, rest = (held + chunk).rpartition(b"\n")
        held = rest
        if len(held) > LONGEST_FIELD:
            raise DataError("bad_table", f"The line has over {LONGEST_FIELD:,} characters: is this a table?", line)
        if feed:
            for text in _decoded(whole, line).split("\n"):
                yield text + "\n"
                line += 1
    if held:
        yield _decoded(held, line)


def _decoded(text: bytes, line: int) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        at = line + text.count(b"\n", 0, error.start)
        detail = f"Byte 0x{text[error.start]:02x} is not UTF-8: save the file as 'CSV UTF-8'."
        raise DataError("not_utf8", detail, at) from error


def _block(batch: list[Row], positions: Mapping[str, int], count: int) -> SequenceBlock:
    lines = np.array([line for line, _ in batch], dtype=np.int64)
    names = _ids(batch, positions.get("id"), count)
    ids = Ids(np.fromiter(map(hash, names), dtype=np.int64, count=len(names)), lambda: names)
    labels = Labels(
        targets=_column(batch, positions.get("target")),
        sets=_sets(batch, positions),
        masks=_column(batch, positions.get("mask")),
    )
    if "variant" in positions:
        return variant_block([row[positions["variant"]] for _, row in batch], lines, ids=ids, labels=labels)
    block = _sequences(batch, positions["sequence"], lines, ids, labels)
    if "partner" not in positions:
        return block
    return replace(block, partner=_sequences(batch, positions["partner"], lines, ids, Labels()))


def _sequences(batch: list[Row], position: int, lines: IntArray, ids: Ids, labels: Labels) -> SequenceBlock:
    sequences = ["".join(row[position].split()).encode() for _, row in batch]
    ends = np.cumsum([len(text) for text in sequences])

    def line_of(offset: int) -> int:
        return int(lines[np.searchsorted(ends, offset, side="right")])

    return build_block(sequences, lines, ids=ids, labels=labels, line_of=line_of)


def _ids(batch: list[Row], position: int | None, count: int) -> list[bytes]:
    """The id column; row1, row2 ... where there is none."""
    if position is None:
        return [b"row%d" % number for number in range(count + 1, count + len(batch) + 1)]
    return [row[position].strip().encode() for _, row in batch]


def _column(batch: list[Row], position: int | None) -> list[str | None] | None:
    return None if position is None else [row[position].strip() or None for _, row in batch]


def _sets(batch: list[Row], positions: Mapping[str, int]) -> list[str | None] | None:
    set_, validation = positions.get("set"), positions.get("validation")
    if set_ is None and validation is None:
        return None
    sets: list[str | None] = []
    for line, row in batch:
        name = None if set_ is None else set_name(row[set_])
        try:
            sets.append(name if validation is None else final_set(name, row[validation]))
        except DataError as error:
            raise error.at(line) from error
    return sets
