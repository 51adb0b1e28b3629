"""Stockholm, Clustal and MSF, line by line: each gives a piece of a row."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.formats import Format
from proteinlab.biodata.residues import GAPS, NON_STANDARD, STANDARD
from proteinlab.biodata.streams import read_lines

LETTERS = (STANDARD + NON_STANDARD + GAPS).decode()
NOT_ALIGNED = str.maketrans("", "", LETTERS + LETTERS.lower() + "~")


@dataclass(frozen=True, slots=True)
class Piece:
    name: str
    text: str
    line: int


def read_pieces(path: Path, form: Format) -> Iterator[Piece]:
    """Raises DataError: illegal_residue, bad_alignment, several_alignments, and what `read_chunks` raises."""
    for piece in PARSERS[form](_texts(path)):
        odd = piece.text.translate(NOT_ALIGNED)
        if odd:
            detail = f"{odd[0]!r} in row '{piece.name}' is neither a residue nor a gap ('-' or '.')."
            raise DataError("illegal_residue", detail, piece.line)
        yield piece


@dataclass(frozen=True, slots=True)
class Layout:
    rows: int
    width: int  # columns
    interleaved: bool  # rows are cut into pieces


def check_rows(path: Path, form: Format) -> Layout:
    """Read an alignment to its end. Memory is that of the names.

    Raises DataError: ragged_alignment with the line on which the row starts, no_records, as `read_pieces`.
    """
    widths: Counter[str] = Counter()
    lines: dict[str, int] = {}
    pieces = 0
    for piece in read_pieces(path, form):
        widths[piece.name] += len(piece.text)
        lines.setdefault(piece.name, piece.line)
        pieces += 1
    check_widths(widths, lines, shorter_too=form is Format.MSF)
    return Layout(len(widths), max(widths.values()), pieces > len(widths) or form is Format.MSF)


def check_widths(widths: Mapping[str, int], lines: Mapping[str, int], *, shorter_too: bool = False) -> None:
    """Raises DataError: no_records, ragged_alignment. MSF may leave out gaps at the ends of rows: `shorter_too`."""
    if not widths:
        raise DataError("no_records", "The alignment has no rows.", 1)
    first, width = next(iter(widths.items()))
    for name, own in widths.items():
        if own > width or (own < width and not shorter_too):
            detail = f"Row '{name}' has {own} columns, row '{first}' has {width}: all must be equally long."
            raise DataError("ragged_alignment", detail, lines[name])


Lines = Iterator[tuple[int, str]]


def _stockholm(lines: Lines) -> Iterator[Piece]:
    ended = False
    for number, line in lines:
        if line.startswith("//"):
            ended = True
        elif line.strip() and not line.startswith("#"):
            if ended:
                raise DataError("several_alignments", "A second alignment starts here: keep one per file.", number)
            yield _piece(line, number)
    if not ended:
        raise DataError("bad_alignment", "The Stockholm file has no '//' at its end: it is cut short.")


def _clustal(lines: Lines) -> Iterator[Piece]:
    next(lines, None)  # CLUSTAL ...
    for number, line in lines:
        if line.strip() and not line[0].isspace():  # a line that starts with a blank marks conserved columns
            yield _piece(line, number, may_end_in_number=True)


def _msf(lines: Lines) -> Iterator[Piece]:
    started = False
    for number, line in lines:
        if line.startswith("//"):
            started = True
        elif started and line.strip() and not line.replace(" ", "").isdigit():
            yield _piece(line, number, parts=True)
    if not started:
        raise DataError("bad_alignment", "The MSF file has no '//' after its list of names: it is cut short.")


PARSERS: dict[Format, Callable[[Lines], Iterator[Piece]]] = {
    Format.STOCKHOLM: _stockholm,
    Format.CLUSTAL: _clustal,
    Format.MSF: _msf,
}


def _piece(line: str, number: int, *, may_end_in_number: bool = False, parts: bool = False) -> Piece:
    name, *rest = line.split()
    if may_end_in_number and len(rest) == 2 and rest[1].isdigit():
        rest = rest[:1]
    if not rest or (len(rest) > 1 and not parts):
        raise DataError(
            "bad_alignment", f"The line is no row: a name, blanks, a row without blanks: {line[:60]}", number
        )
    return Piece(name, "".join(rest), number)


def _texts(path: Path) -> Lines:
    return ((number, text.decode("utf-8", "replace")) for number, text in read_lines(path))
