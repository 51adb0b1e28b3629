"""The master's own wheel: what a notebook installs to speak to exactly this master. Built once for each process."""

import hashlib
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Final

import proteinx
from app.errors import Unavailable
from app.settings import REPOSITORY, Settings
from proteinx.contracts.system import wheel_path

log = logging.getLogger(__name__)

PATH: Final = wheel_path(proteinx.__version__)
FILENAME: Final = PATH.rsplit("/", 1)[-1]
_SECONDS: Final = 120.0
_building = threading.Lock()


def wheel(settings: Settings) -> tuple[Path, str]:
    """The file and its SHA-256. Raises Unavailable("no_wheel") where it can't be built."""
    with _building:
        return _build(settings.state / "packages")


@cache
def _build(folder: Path) -> tuple[Path, str]:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", temporary]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=_SECONDS, check=False)
        built = Path(temporary) / FILENAME
        if done.returncode or not built.is_file():
            log.error("the wheel could not be built: %s", (done.stderr or done.stdout)[-2000:])
            raise Unavailable("no_wheel", "This master can't build its wheel now; its log says why.", retry_after=60)
        target = folder / FILENAME
        shutil.move(built, target)
    return target, hashlib.sha256(target.read_bytes()).hexdigest()
