"""Judges an uploaded file in a process of its own, with the data library's command."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.datasets.library import Subject, refuse, run
from app.errors import Unprocessable
from proteinx.contracts.datasets import ColumnNames
from proteinx.contracts.phrases import say

CLEANING: Final = 4
"""How many times as long as a check a check with cleaning may take."""
CLEANABLE: Final = frozenset(
    {"text_before_header", "missing_id", "empty_sequence", "illegal_residue", "duplicate_id", "ragged_row"}
    | {"bad_variant", "duplicate_position"}
)
"""Refusals that cleaning mends."""
_TABULAR: Final = ("sequences", "table")


@dataclass(frozen=True, slots=True)
class Checked:
    kind: str
    rows: int | None
    columns: ColumnNames
    report: dict[str, Any]


def check_file(path: Path, filename: str, columns: ColumnNames) -> Checked:
    """Raises Unprocessable with the data library's code, the line and what to do."""
    verdict = _ask(path, filename, columns)
    if verdict["error"]:
        raise _explain(verdict["error"])
    return _checked(verdict["report"])


def clean_file(path: Path, filename: str, columns: ColumnNames, out: Path) -> dict[str, Any]:
    """Writes a cleaned copy, packed if `out` ends in .gz, also of a file that `check_file` refuses.

    Returns `read`, `kept` and `rules` (rule, count, lines). Raises Unprocessable where nothing can be kept, or the file
    is of a kind that is not cleaned.
    """
    cleaned: dict[str, Any] = _ask(path, filename, columns, out)["cleaned"]
    error = cleaned.pop("error")
    if error:
        raise _explain(error)
    return cleaned


def _ask(path: Path, filename: str, columns: ColumnNames, out: Path | None = None) -> dict[str, Any]:
    cleaning = [] if out is None else [f"--clean={out}"]
    passes = 1 if out is None else CLEANING
    verdict: dict[str, Any] = run("check", Subject(path, filename, columns), cleaning, passes=passes)
    return verdict


def _explain(error: dict[str, Any]) -> Unprocessable:
    if error["code"] not in CLEANABLE:
        return refuse(error)
    return refuse({**error, "detail": say("or_clean", reason=error["detail"])})


def _checked(report: dict[str, Any]) -> Checked:
    kind = report["format"] if report["kind"] in _TABULAR else report["kind"]
    return Checked(kind, report["rows"], ColumnNames.model_validate(report["columns"] or {}), report)
