"""Judges an uploaded file, and cleans it where a person wants that."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.datasets.library import Subject, column_options, refuse, run
from proteinx.contracts.datasets import ColumnNames

_TABULAR: Final = ("sequences", "table")


@dataclass(frozen=True, slots=True)
class Checked:
    kind: str
    rows: int | None
    columns: ColumnNames
    report: dict[str, Any]


def check_file(path: Path, filename: str, columns: ColumnNames) -> Checked:
    """Raises Unprocessable with the data library's code, the line and what to do."""
    verdict = run("check", Subject(path, filename), column_options(columns))
    if verdict["error"]:
        raise refuse(verdict["error"])
    return _checked(verdict["report"])


def clean_file(subject: Subject, out: Path) -> dict[str, Any]:
    """Writes a cleaned copy to `out`, packed if its name ends in .gz; returns `read`, `kept` and `rules`.

    Raises Unprocessable for what no cleaning mends.
    """
    verdict = run("check", subject, [*column_options(subject.columns), f"--clean={out}"])
    cleaned: dict[str, Any] = verdict["cleaned"]
    if cleaned["error"]:
        raise refuse(cleaned["error"])
    return {key: cleaned[key] for key in ("read", "kept", "rules")}


def _checked(report: dict[str, Any]) -> Checked:
    kind = report["format"] if report["kind"] in _TABULAR else report["kind"]
    return Checked(kind, report["rows"], ColumnNames.model_validate(report["columns"] or {}), report)
