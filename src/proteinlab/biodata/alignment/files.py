"""Alignments from and to files."""

from pathlib import Path

from proteinlab.biodata.alignment.alignment import Alignment
from proteinlab.biodata.alignment.pieces import PARSERS, check_widths, read_pieces
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.formats import Format, recognise
from proteinlab.biodata.rawrecords import raw_fasta

TO_GAPS = str.maketrans(".~", "--")
NO_INSERTIONS = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyz.")


def read_alignment(path: Path) -> Alignment:
    """Stockholm, Clustal, MSF, aligned FASTA, A2M and A3M, told apart by content, plain or gzip.

    Of A3M, whose rows are equally long only without their insertions (lower case), the insertions are left out.
    Raises DataError: ragged_alignment with the line of the row, no_records, not_an_alignment, and what
    `read_pieces` raises.
    """
    source = recognise(path)
    if source.format is Format.FASTA:
        return _from_fasta(path)
    if source.format not in PARSERS:
        detail = f"This is a {source.kind} ({source.format}), not Stockholm, Clustal, MSF or aligned FASTA."
        raise DataError("not_an_alignment", detail, 1)
    rows: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for piece in read_pieces(path, source.format):
        rows.setdefault(piece.name, []).append(piece.text)
        lines.setdefault(piece.name, piece.line)
    joined = {name: "".join(parts) for name, parts in rows.items()}
    if source.format is Format.MSF:
        joined = padded(joined)
    return _checked(joined, lines)


def padded(rows: dict[str, str]) -> dict[str, str]:
    """MSF files may leave out gaps at the ends of rows (IMGT/HLA's do)."""
    width = max(map(len, rows.values()), default=0)
    return {name: row.ljust(width, "-") for name, row in rows.items()}


def write_alignment(alignment: Alignment, path: Path) -> None:
    """Aligned FASTA, one line per row."""
    rows = zip(alignment.ids, alignment.rows, strict=True)
    path.write_text("".join(f">{name}\n{row}\n" for name, row in rows), encoding="utf-8")


def _from_fasta(path: Path) -> Alignment:
    rows: dict[str, str] = {}
    lines: dict[str, int] = {}
    for record in raw_fasta(path):
        name = str(record.head).split()[0] if str(record.head).strip() else f"line{record.line}"
        if name in rows:
            raise DataError("duplicate_id", f"The id '{name}' stands on line {lines[name]} already.", record.line)
        rows[name], lines[name] = record.text, record.line
    aligned = {name: row.translate(NO_INSERTIONS) for name, row in rows.items()}
    is_a3m = len(set(map(len, rows.values()))) > 1 and len(set(map(len, aligned.values()))) == 1
    return _checked(aligned if is_a3m else rows, lines)


def _checked(rows: dict[str, str], lines: dict[str, int]) -> Alignment:
    check_widths({name: len(row) for name, row in rows.items()}, lines)
    return Alignment(tuple(rows), tuple(row.upper().translate(TO_GAPS) for row in rows.values()))
