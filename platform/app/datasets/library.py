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
from proteinx.contracts.phrases import say

log = logging.getLogger(__name__)

SLOWEST: Final = 10 * 1024**2
"""Bytes a second that even a busy machine reads."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A file on this disk, with its own name and what a person said of its columns."""

    path: Path
    filename: str
    columns: ColumnNames = field(default_factory=ColumnNames)


def run(
    module: str, subject: Subject, arguments: Sequence[str] = (), *, targets: Sequence[Path] = (), passes: int = 1
) -> Any:
    """The JSON that `proteinlab.biodata.<module>` prints; None where it prints nothing.

    `passes`: how many times as long as one reading it may take. Raises Unprocessable("check_timeout") and, for a
    process that died, Unprocessable("check_failed").
    """
    name, size = subject.filename, subject.path.stat().st_size
    limits = Limits(seconds=60 + passes * size / SLOWEST, memory=3 * GIB, file_size=size + GIB)
    named = [f"--{role}={column}" for role, column in subject.columns.model_dump().items() if column is not None]
    paths = [str(path) for path in (subject.path, *targets)]
    command = ["-P", "-s", "-m", f"proteinlab.biodata.{module}", *named, *arguments, f"--name={name}", "--", *paths]
    try:
        answer = run_python(command, limits, environment={"PYTHONPATH": str(REPOSITORY / "src")})
    except TimeoutExpiredError as error:
        raise _refusal("check_timeout", say("file_check_endless", file=name, detail=error)) from error
    return _answer(name, answer)


def refuse(error: dict[str, Any]) -> Unprocessable:
    """The library's own error, in its words."""
    line, detail = error["line"], error["detail"]
    return _refusal(error["code"], detail if line is None else say("on_line", line=line, reason=detail))


def _refusal(code: str, detail: str) -> Unprocessable:
    return Unprocessable(code, detail, field="file")


def _answer(name: str, answer: subprocess.CompletedProcess[bytes]) -> Any:
    if answer.returncode == 0 and not answer.stdout:
        return None
    try:
        return json.loads(answer.stdout)
    except ValueError as error:
        end = answer.stderr[-2000:].decode(errors="replace")
        log.exception("the data library's look at %r ended with %s: %s", name, answer.returncode, end)
        raise _refusal("check_failed", say("file_unreadable", file=name)) from error
