"""Runs the data library over what somebody uploaded, in a process of its own."""

import json
import logging
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from app.errors import Unprocessable
from app.limited import GIB, Limits, TimeoutExpiredError, run_python
from app.settings import REPOSITORY
from proteinx.contracts.datasets import ColumnNames

log = logging.getLogger(__name__)

SLOWEST: Final = 10 * 1024**2
"""Bytes a second that even a busy machine reads."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A file on this disk, with its own name and what a person said of its columns."""

    path: Path
    filename: str
    columns: ColumnNames = field(default_factory=ColumnNames)


def run(module: str, subject: Subject, arguments: Sequence[str] = (), targets: Sequence[Path] = ()) -> Any:
    """The JSON that `proteinlab.biodata.<module>` prints; None where it prints nothing.

    Raises Unprocessable("check_timeout") and, for a process that died, Unprocessable("check_failed").
    """
    name = subject.filename
    limits = Limits(seconds=60 + subject.path.stat().st_size / SLOWEST, memory=3 * GIB)
    paths = [str(path) for path in (subject.path, *targets)]
    command = ["-P", "-s", "-m", f"proteinlab.biodata.{module}", *arguments, f"--name={name}", "--", *paths]
    try:
        answer = run_python(command, limits, environment={"PYTHONPATH": str(REPOSITORY / "src")})
    except TimeoutExpiredError as error:
        raise refusal("check_timeout", f"The check of {name} did not end: {error}. Split the file.") from error
    return _answer(name, answer)


def column_options(columns: ColumnNames) -> list[str]:
    return [f"--{role}={column}" for role, column in columns.model_dump().items() if column is not None]


def refusal(code: str, detail: str, line: int | None = None) -> Unprocessable:
    return Unprocessable(code, f"line {line}: {detail}" if line is not None else detail, field="file")


def refuse(error: dict[str, Any]) -> Unprocessable:
    """The library's own error, in its words."""
    return refusal(error["code"], error["detail"], error["line"])


def _answer(name: str, answer: subprocess.CompletedProcess[bytes]) -> Any:
    if answer.returncode == 0 and not answer.stdout:
        return None
    try:
        return json.loads(answer.stdout)
    except ValueError as error:
        end = answer.stderr[-2000:].decode(errors="replace")
        log.exception("the data library's look at %r ended with %s: %s", name, answer.returncode, end)
        raise refusal(
            "check_failed", f"{name} can't be read: it is damaged, or needs more memory than this may use."
        ) from error
