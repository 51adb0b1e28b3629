"""Looking into a version's file: records by page, an alignment's columns and a structure's chains."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.datasets.derived import Original, derive
from app.datasets.library import Subject, refuse, run
from app.errors import Unprocessable
from app.master import Master
from proteinx.contracts.records import AlignmentView, RecordPage, RecordView, StructureView

_INDEX: Final = ".records"
_STRUCTURE: Final = ".structure"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records; what is None does not matter."""

    search: str | None = None
    """Part of an id or of a sequence."""
    set: str | None = None
    shortest: int | None = None
    longest: int | None = None
    lines: Sequence[int] = ()

    def condition(self) -> tuple[str, list[Any]]:
        parts: list[tuple[str, list[Any]]] = []
        if self.search:
            pattern = f"%{_escaped(self.search)}%"
            parts.append(("(id LIKE ? ESCAPE '!' OR sequence LIKE ? ESCAPE '!')", [pattern, pattern]))
        if self.set is not None:
            parts.append(('"set" = ?', [self.set]))
        if self.shortest is not None:
            parts.append(("length >= ?", [self.shortest]))
        if self.longest is not None:
            parts.append(("length <= ?", [self.longest]))
        if self.lines:
            parts.append((f"line IN ({', '.join('?' * len(self.lines))})", list(self.lines)))
        return " AND ".join(part for part, _ in parts) or "1", [value for _, values in parts for value in values]


def records(master: Master, source: Original, wanted: Wanted, *, offset: int, limit: int) -> RecordPage:
    """Raises Unprocessable for a file without records, or one that is too large to be looked into."""
    condition, values = wanted.condition()
    with closing(_open(master, source)) as index:
        facts = _facts(index, ("kind", "rows"))
        total = facts["rows"]
        if values:
            total = index.execute(f"SELECT count(*) FROM records WHERE {condition}", values).fetchone()[0]  # noqa: S608
        page = f"SELECT * FROM records WHERE {condition} ORDER BY row LIMIT ? OFFSET ?"  # noqa: S608
        rows = index.execute(page, [*values, limit, offset])
        items = [RecordView.model_validate(dict(row)) for row in rows]
    return RecordPage(kind=facts["kind"], items=items, offset=offset, total=total, rows=facts["rows"])


def alignment(master: Master, source: Original) -> AlignmentView:
    """Raises Unprocessable("not_an_alignment")."""
    with closing(_open(master, source)) as index:
        facts = _facts(index, ("kind", "rows", "width", "consensus", "conservation", "gaps"))
    if facts["kind"] != "alignment":
        raise Unprocessable("not_an_alignment", "The rows of this file are not aligned.")
    return AlignmentView.model_validate(facts)


def structure(master: Master, source: Original) -> StructureView:
    """Raises Unprocessable with the data library's code for a file that is no structure with a protein."""
    path = derive(master, source, _STRUCTURE, _sum_up)
    return StructureView.model_validate_json(path.read_bytes())


def _open(master: Master, source: Original) -> sqlite3.Connection:
    path = derive(master, source, _INDEX, _build_index)
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def _build_index(subject: Subject, target: Path) -> None:
    error = run("browse", subject, targets=[target])
    if error:
        raise refuse(error)


def _sum_up(subject: Subject, target: Path) -> None:
    answer = run("structures.summary", Subject(subject.path, subject.filename))
    if "code" in answer:
        raise refuse(answer)
    target.write_text(json.dumps(answer), encoding="utf-8")


def _facts(index: sqlite3.Connection, names: Sequence[str]) -> dict[str, Any]:
    known = {row["key"]: json.loads(row["value"]) for row in index.execute("SELECT key, value FROM facts")}
    return {name: known.get(name) for name in names}


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
