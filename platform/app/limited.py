"""Runs our own code over what somebody uploaded: a child process with an empty environment, limits and a timeout."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

try:
    import resource
except ImportError:  # Windows: the timeout remains
    resource = None  # type: ignore[assignment]

GIB: Final = 1024**3
_ENVIRONMENT: Final = {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class TimeoutExpiredError(Exception):
    """The child took longer than it may and was ended."""


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: float
    """Of the clock and, rounded up, of CPU time."""
    memory: int = 2 * GIB
    """Bytes of address space."""
    file_size: int = GIB
    """Bytes of the largest file that it may write."""


class PythonCommand(TypedDict):
    args: list[str]
    env: dict[str, str]


def python_command(arguments: Sequence[str], environment: Mapping[str, str] | None) -> PythonCommand:
    """What Popen needs for Python with nothing of this process's environment."""
    return {"args": [sys.executable, *arguments], "env": {**_ENVIRONMENT, **(environment or {})}}


def run_python(
    arguments: Sequence[str],
    limits: Limits,
    *,
    input: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Raises TimeoutExpiredError. A child over its memory fails by itself, with what it wrote to stderr."""
    with subprocess.Popen(
        **python_command(arguments, environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            _limit(process.pid, limits)
            output, errors = process.communicate(input, timeout=limits.seconds)
        except subprocess.TimeoutExpired as error:
            raise TimeoutExpiredError(f"it took longer than {limits.seconds:.0f} s") from error
        finally:
            if process.poll() is None:
                process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def _limit(pid: int, limits: Limits) -> None:
    """Set from outside on Linux: code between fork and exec can deadlock in a process that has threads."""
    if resource is None or not hasattr(resource, "prlimit"):
        return
    seconds = int(limits.seconds) + 1
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.prlimit(pid, kind, (value, value))
        except ProcessLookupError:
            return
