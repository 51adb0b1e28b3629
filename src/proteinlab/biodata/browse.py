"""`python -m proteinlab.biodata.browse PATH OUT`: an SQLite file in which a person can leaf through a data file.

Table `records`: row (from 1, in the file's order), line, id, length, sequence, target, "set". Of a table of variants
`sequence` is the variant's text. Table `facts` (key, JSON value): kind, rows, and of an alignment width, consensus,
conservation and gaps. What cannot be read: one JSON object {"code", "detail", "line"} on standard output, exit code 3.
"""

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from itertools import islice
from pathlib import Path
from typing import Any

from proteinlab.biodata.alignment.alignment import GAP, Alignment
from proteinlab.biodata.alignment.consensus import consensus
from proteinlab.biodata.alignment.files import read_alignment
from proteinlab.biodata.alignment.pieces import PARSERS
from proteinlab.biodata.blocks import GapRule, SequenceBlock
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.formats import Source, recognise
from proteinlab.biodata.readers import columns_of, read_blocks
from proteinlab.biodata.records import Columns

REFUSED = 3
ROLES = tuple(role.name for role in fields(Columns))
SCHEMA = """
CREATE TABLE records (row INTEGER PRIMARY KEY, line INTEGER, id TEXT, length INTEGER, sequence TEXT, target TEXT,
                      "set" TEXT);
CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT);
"""
BATCH = 2000
# Consensus and conservation are counted in memory, as a matrix of rows and columns.
LARGEST_ALIGNMENT = 200_000_000
Row = tuple[int, str, int, str, str | None, str | None]


def index(path: Path, out: Path, columns: Columns | None, source: Source) -> None:
    """Write the index of one file, in memory that does not grow with it (an alignment is read whole).

    Raises DataError as `read_records` does.
    """
    with closing(sqlite3.connect(out)) as database:
        database.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {SCHEMA}")
        if source.format in PARSERS:
            facts = _index_alignment(database, read_alignment(path))
        else:
            facts = _index_sequences(database, path, columns, source)
        database.execute("CREATE INDEX records_line ON records(line)")
        facts["rows"] = database.execute("SELECT count(*) FROM records").fetchone()[0]
        database.executemany("INSERT INTO facts VALUES (?, ?)", [(key, json.dumps(facts[key])) for key in facts])
        database.commit()


def _index_sequences(
    database: sqlite3.Connection, path: Path, columns: Columns | None, source: Source
) -> dict[str, Any]:
    gaps = GapRule()
    for block in read_blocks(path, columns, source, gaps):
        _insert(database, _rows(block))
    if columns is not None and columns.variant is not None:
        return {"kind": "variants"}
    if not gaps.is_alignment:
        return {"kind": "sequences"}
    ids, texts = zip(*database.execute("SELECT id, sequence FROM records ORDER BY row"), strict=True)
    is_a3m = len(set(map(len, texts))) > 1
    alignment = read_alignment(path) if is_a3m else Alignment(ids, [text.replace(".", GAP) for text in texts])
    rows = enumerate(alignment.rows, start=1)
    database.executemany(
        "UPDATE records SET sequence = ?, length = ? WHERE row = ?",
        ((text, _residues(text), row) for row, text in rows),
    )
    return _facts(alignment)


def _index_alignment(database: sqlite3.Connection, alignment: Alignment) -> dict[str, Any]:
    numbered = enumerate(zip(alignment.ids, alignment.rows, strict=True), start=1)
    _insert(database, ((row, name, _residues(text), text, None, None) for row, (name, text) in numbered))
    return _facts(alignment)


def _residues(row: str) -> int:
    return len(row) - row.count(GAP)


def _facts(alignment: Alignment) -> dict[str, Any]:
    facts: dict[str, Any] = {"kind": "alignment", "width": alignment.width}
    if len(alignment) * alignment.width <= LARGEST_ALIGNMENT:
        found = consensus(alignment)
        facts["consensus"] = found.letters
        facts["conservation"] = found.conservation.round(3).tolist()
        facts["gaps"] = found.gaps.round(3).tolist()
    return facts


def _rows(block: SequenceBlock) -> Iterator[Row]:
    for record in block.records():
        yield record.line, record.id, len(record.sequence), record.sequence, record.target, record.set


def _insert(database: sqlite3.Connection, rows: Iterator[Row]) -> None:
    while batch := list(islice(rows, BATCH)):
        database.executemany(
            'INSERT INTO records (line, id, length, sequence, target, "set") VALUES (?, ?, ?, ?, ?, ?)', batch
        )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="proteinlab.biodata.browse", description="Index a data file for reading.")
    parser.add_argument("path", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", help="the file's own name, where PATH is a temporary one")
    for role in ROLES:
        parser.add_argument(f"--{role}", metavar="COLUMN", help=f"a table's column for: {role}")
    options = parser.parse_args(arguments)
    named = {role: value for role in ROLES if (value := getattr(options, role)) is not None}
    try:
        source = recognise(options.path, options.name)
        index(options.path, options.out, columns_of(options.path, source=source, **named), source)
    except DataError as error:
        print(json.dumps(error.to_dict(), ensure_ascii=False))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
