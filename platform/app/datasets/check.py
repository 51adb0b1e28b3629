"""Judges an uploaded file in a process of its own, with the data library's command."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.errors import Unprocessable
from app.limited import GIB, Limits, TimeoutExpiredError, run_python
from app.settings import REPOSITORY
from proteinx.contracts.datasets import ColumnNames

log = logging.getLogger(__name__)

SLOWEST: Final = 10 * 1024**2
"""Bytes a second that even a busy machine checks."""
CLEANING: Final = 4
"""How many times as long as a check a check with cleaning may take."""
_CLEANABLE: Final = frozenset(
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
    named = [f"--{role}={column}" for role, column in columns.model_dump().items() if column is not None]
    size = path.stat().st_size
    passes = 1 if out is None else CLEANING
    limits = Limits(seconds=60 + passes * size / SLOWEST, memory=3 * GIB, file_size=size + GIB)
    cleaning = [] if out is None else [f"--clean={out}"]
    command = ["-P", "-s", "-m", "proteinlab.biodata.check", *named, *cleaning, f"--name={filename}", "--", str(path)]
    try:
        answer = run_python(command, limits, environment={"PYTHONPATH": str(REPOSITORY / "src")})
    except TimeoutExpiredError as error:
        raise _refusal("check_timeout", f"The check of {filename} did not end: {error}. Split the file.") from error
    try:
        verdict: dict[str, Any] = json.loads(answer.stdout)
    except ValueError as error:
        log.exception(
            "the check of %r ended with %s: %s",
            filename,
            answer.returncode,
            answer.stderr[-2000:].decode(errors="replace"),
        )
        raise _refusal(
            "check_failed", f"{filename} can't be checked: it is damaged, or needs more memory than a check may use."
        ) from error
    return verdict


def _explain(error: dict[str, Any]) -> Unprocessable:
    line = f"line {error['line']}: " if error["line"] is not None else ""
    hint = " Or upload it with `clean`, which drops all such records." if error["code"] in _CLEANABLE else ""
    return _refusal(error["code"], f"{line}{error['detail']}{hint}")


def _refusal(code: str, detail: str) -> Unprocessable:
    return Unprocessable(code, detail, field="file")


def _checked(report: dict[str, Any]) -> Checked:
    kind = report["format"] if report["kind"] in _TABULAR else report["kind"]
    return Checked(kind, report["rows"], ColumnNames.model_validate(report["columns"] or {}), report)
