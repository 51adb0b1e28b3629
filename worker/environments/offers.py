"""Which environments this worker can give a job, so that none is sent to it that it would have to refuse."""

import platform
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

from proteinx.contracts.jobs import EnvironmentKind
from worker.environments import conda
from worker.environments.base import CannotHave
from worker.environments.venv import find_uv

_ANSWER_SECONDS: Final = 5.0


def offers() -> dict[EnvironmentKind, str]:
    """Each kind with the program that makes it. Asks Docker's engine, which may be away where its client is not."""
    found: dict[EnvironmentKind, str] = {
        "own": f"Python {platform.python_version()}",
        "venv": "pip" if find_uv() is None else "uv",
    }
    with suppress(CannotHave):  # whoever asks for it is told when the job is made
        found["conda"] = Path(conda.find()).stem
    engine = _docker()
    return found if engine is None else {**found, "docker": f"Docker {engine}"}


def _docker() -> str | None:
    """The engine's version."""
    program = shutil.which("docker")
    if program is None:
        return None
    asking = [program, "version", "--format", "{{.Server.Version}}"]
    try:
        asked = subprocess.run(
            asking, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=_ANSWER_SECONDS
        )
    except subprocess.TimeoutExpired:
        return None
    return asked.stdout.strip() or None if asked.returncode == 0 else None
