"""Records of a file, with the columns that config names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from proteinlab.biodata.readers import columns_of, read_records
from proteinlab.biodata.records import FALSE_WORDS, TRUE_WORDS, Columns, Record
from proteinlab.training.errors import UserError

ColumnChoice = Mapping[str, str | Sequence[str] | None]
LABEL_SEPARATOR = ";"


def read_table(path: Path, columns: ColumnChoice) -> list[Record]:
    """All records. Columns that are None are found by their usual names; FASTA has none.

    Where `target` names several columns, each a yes or no, the target is the names of those that say yes.
    Raises UserError: no_such_file, bad_label; and whatever DataError the reader has.
    """
    target = columns.get("target")
    if target is None or isinstance(target, str):
        return _records(path, columns, target)
    by_label = {label: _records(path, columns, label) for label in target}
    first = next(iter(by_label.values()))
    return [
        replace(record, target=_joined(list(by_label), [records[row] for records in by_label.values()]))
        for row, record in enumerate(first)
    ]


def read_partners(path: Path, columns: ColumnChoice, records: Sequence[Record]) -> list[Record] | None:
    """The second sequences of pairs, in the column `partner`; None where none is named.

    Raises UserError pairs_need_a_table for FASTA.
    """
    partner = _name(columns, "partner")
    if partner is None:
        return None
    chosen = columns_of(path, sequence=partner)
    if chosen is None:
        raise UserError("pairs_need_a_table", "Pairs stand in a table with two sequence columns, not in FASTA.")
    own = Columns(sequence=chosen.sequence)
    return [replace(other, id=record.id) for record, other in zip(records, read_records(path, own), strict=True)]


def _records(path: Path, columns: ColumnChoice, target: str | None) -> list[Record]:
    if not path.is_file():
        raise UserError("no_such_file", f"'{path}' is not a file: give the path of a FASTA, CSV or TSV file.")
    chosen = columns_of(
        path,
        sequence=_name(columns, "sequence"),
        target=target,
        set=_name(columns, "set"),
        id=_name(columns, "id"),
        validation=_name(columns, "validation"),
        mask=_name(columns, "mask"),
    )
    return list(read_records(path, chosen))


def _name(columns: ColumnChoice, role: str) -> str | None:
    name = columns.get(role)
    return None if name is None else str(name)


def _joined(labels: Sequence[str], cells: Sequence[Record]) -> str:
    """The labels whose cells say yes; a lone separator for none."""
    words = [(label, (record.target or "").strip().casefold()) for label, record in zip(labels, cells, strict=True)]
    for (label, word), record in zip(words, cells, strict=True):
        if word not in TRUE_WORDS | FALSE_WORDS or not word:
            detail = f"'{word}' in the column '{label}' says neither yes nor no: write 1 or 0."
            raise UserError("bad_label", detail, record.line or None)
    return LABEL_SEPARATOR.join(label for label, word in words if word in TRUE_WORDS) or LABEL_SEPARATOR
