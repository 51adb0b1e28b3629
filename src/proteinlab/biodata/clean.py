"""A cleaned copy of a data file: what no training should see is left out, by stated rules, and counted.

In this order: text before the first FASTA header is dropped; so is a record without a sequence (or a row that has not
as many fields as the header), one with a letter that is no residue (of variants: what is no mutation), and one whose
sequence stood before, with the same label or with another. Lower case becomes upper; a FASTA id that stood before
gets a number, as in `P1_2`. Nothing else changes: order, columns, headers and labels are those of the file.
"""

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from proteinlab.biodata.columns import column_positions
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.fasta import header_attributes
from proteinlab.biodata.findings import Marks
from proteinlab.biodata.formats import TABLES, Format, recognise
from proteinlab.biodata.rawrecords import RawRecord, raw_fasta, raw_table
from proteinlab.biodata.readers import columns_of
from proteinlab.biodata.records import Columns
from proteinlab.biodata.residues import NON_STANDARD, STANDARD
from proteinlab.biodata.variants.notation import canonical, parse_variant

RULES = ("text_before_header", "empty", "illegal_residue", "bad_variant", "duplicate", "conflicting_label", "renamed")
NO_RESIDUES = str.maketrans("", "", (STANDARD + NON_STANDARD).decode())
LINE = 60


@dataclass(frozen=True, slots=True)
class Applied:
    """How many records a rule met, and the first lines of them. `renamed` drops nothing."""

    rule: str
    count: int
    lines: list[int]


@dataclass(frozen=True, slots=True)
class Cleaned:
    read: int
    kept: int
    rules: list[Applied]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def clean(path: Path, out: Path, columns: Columns | None = None, *, name: str | None = None) -> Cleaned:
    """Write the cleaned copy of FASTA, a table or a table of variants; packed if `out` ends in .gz.

    Memory grows by some 200 bytes per kept record. Raises DataError: not_cleaned for other kinds,
    nothing_left, and what a file cannot be read past: a fault of gzip or encoding, open quotes, a missing column.
    """
    source = recognise(path, name)
    columns = columns or columns_of(path, source=source)
    rules = _Rules()
    if source.format is Format.FASTA:
        with _written(out, rules) as stream:
            for record in raw_fasta(path):
                _write_fasta(stream, rules, record)
    elif source.format in TABLES and columns is not None:
        _clean_table(path, source.delimiter, columns, out, rules)
    else:
        raise DataError("not_cleaned", f"Only sequences and tables are cleaned; this is: {source.kind}.", 1)
    return rules.result()


class _Rules:
    def __init__(self) -> None:
        self._marks = {rule: Marks() for rule in RULES}
        self._labels: dict[int, int] = {}  # hash of the sequence -> hash of its first label
        self._ids: dict[str, int] = {}
        self._read = self.kept = 0

    def sequence(
        self, record: RawRecord, label: str | None, *, variant: bool = False, partner: str | None = None
    ) -> str | None:
        """The text to keep, None for a record to drop. A `partner` makes it a pair, which has no order."""
        self._read += 1
        text, fault = _plain_variant(record.text) if variant else _plain_sequence(record.text)
        if fault is None and partner is not None:
            _, fault = _plain_sequence(partner)
        if fault is None:
            compared = text if partner is None else tuple(sorted((text, partner)))
            fault = self._repeat(hash(compared), hash(label))
        if fault is not None:
            self.drop(fault, record.line)
            return None
        self.kept += 1
        return text

    def drop(self, rule: str, line: int) -> None:
        self._marks[rule].add([line])

    def _repeat(self, text: int, label: int) -> str | None:
        if text not in self._labels:
            self._labels[text] = label
            return None
        return "duplicate" if self._labels[text] == label else "conflicting_label"

    def unique_id(self, name: str, line: int) -> str:
        count = self._ids[name] = self._ids.get(name, 0) + 1
        if count == 1:
            return name
        self._marks["renamed"].add([line])
        return self.unique_id(f"{name}_{count}", line) if f"{name}_{count}" in self._ids else f"{name}_{count}"

    def result(self) -> Cleaned:
        met = [Applied(rule, marks.count, marks.lines) for rule, marks in self._marks.items() if marks.count]
        return Cleaned(self._read, self.kept, met)


def _plain_sequence(text: str) -> tuple[str, str | None]:
    """The sequence in upper case, and the rule that it breaks."""
    upper = text.upper()
    if not upper:
        return "", "empty"
    return upper, "illegal_residue" if upper.translate(NO_RESIDUES) else None


def _plain_variant(text: str) -> tuple[str, str | None]:
    try:
        return canonical(parse_variant(text)), None
    except DataError:
        return text, "bad_variant"


def _clean_table(path: Path, delimiter: str, columns: Columns, out: Path, rules: _Rules) -> None:
    header, _ = raw_table(path, delimiter, {})
    positions = column_positions(header, columns)
    header, records = raw_table(path, delimiter, positions)
    place = positions.get("variant", positions.get("sequence", 0))
    with _written(out, rules) as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        for record in records:
            row = list(record.head)
            partner = _partner(row, positions, len(header))
            text = rules.sequence(record, _label(row, positions), variant="variant" in positions, partner=partner)
            if text is not None:
                if "variant" not in positions:
                    row[place] = text
                if partner is not None:
                    row[positions["partner"]] = partner
                writer.writerow(row)


def _partner(row: list[str], positions: Mapping[str, int], fields: int) -> str | None:
    """The second sequence of a pair; empty in a row of another length than the header."""
    if "partner" not in positions:
        return None
    return "".join(row[positions["partner"]].split()).upper() if len(row) == fields else ""


def _label(row: list[str], positions: Mapping[str, int]) -> str | None:
    at = positions.get("target")
    return row[at].strip() if at is not None and at < len(row) else None


def _write_fasta(stream: IO[str], rules: _Rules, record: RawRecord) -> None:
    if not record.head:
        return rules.drop("text_before_header", record.line)
    head = str(record.head).strip()
    text = rules.sequence(record, header_attributes(head.encode()).get("TARGET"))
    if text is None:
        return None
    name, *rest = head.split(None, 1) if head else [f"line{record.line}"]
    stream.write(" ".join([f">{rules.unique_id(name, record.line)}", *rest]) + "\n")
    stream.writelines(f"{text[at : at + LINE]}\n" for at in range(0, len(text), LINE))
    return None


@contextmanager
def _written(out: Path, rules: _Rules) -> Iterator[IO[str]]:
    """A text file that appears whole or not at all."""
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as raw:
            if out.suffix == ".gz":
                with gzip.GzipFile(out.stem, "wb", mtime=0, fileobj=raw) as packed:
                    yield from _text(packed)
            else:
                yield from _text(raw)
        if not rules.kept:
            raise DataError("nothing_left", "No record of the file can be used: look at the quality report.", 1)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _text(stream: Any) -> Iterator[IO[str]]:
    with io.TextIOWrapper(stream, encoding="utf-8", newline="") as text:
        yield text
