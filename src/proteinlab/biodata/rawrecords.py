"""Records as they stand in a file, unchecked, for cleaning: what the strict readers would refuse is passed on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from proteinlab.biodata.fasta import LONGEST_RECORD
from proteinlab.biodata.streams import read_chunks
from proteinlab.biodata.tables import Row, read_header, read_rows


@dataclass(frozen=True, slots=True)
class RawRecord:
    """`text` is the sequence (or variant) as written, without white space; `head` what else must be kept:
    a FASTA header without its '>', or a table's row.
    """

    text: str
    head: str | list[str]
    line: int


def raw_fasta(path: Path) -> Iterator[RawRecord]:
    """Text before the first header is a record with an empty head. Bytes outside ASCII become '?' in sequences."""
    head, start = "", 1
    parts: list[str] = []
    for line, text in _lines(path):
        if text.startswith(b">"):
            if head or parts:
                yield RawRecord("".join(parts), head, start)
            head, parts, start = text[1:].decode("utf-8", "replace").strip() or " ", [], line
        elif text.strip():
            parts.append("".join(text.decode("ascii", "replace").replace("�", "?").split()))
    if head or parts:
        yield RawRecord("".join(parts), head, start)


def raw_table(path: Path, delimiter: str, positions: Mapping[str, int]) -> tuple[list[str], Iterator[RawRecord]]:
    """The header, and the rows; a row of another length than the header has an empty text."""
    rows = read_rows(path, delimiter)
    header = read_header(rows)
    return header, (_of_row(row, len(header), positions) for row in rows)


def _of_row(numbered: Row, fields: int, positions: Mapping[str, int]) -> RawRecord:
    line, row = numbered
    text = row[positions.get("variant", positions.get("sequence", 0))] if len(row) == fields else ""
    return RawRecord("".join(text.split()) if "variant" not in positions else text.strip(), row, line)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    held, number = b"", 1
    for chunk in read_chunks(path):
        *whole, held = (held + chunk).split(b"\n")
        for text in whole:
            yield number, text
            number += 1
        if len(held) > LONGEST_RECORD:  # one endless line: hand it on in parts
            yield number, held
            held = b""
    if held:
        yield number, held
