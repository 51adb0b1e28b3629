"""A wall clock that can be stepped for some processes: a preloaded library, built where there is a C compiler."""

import shutil
import subprocess
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock.c")


def build(folder: Path) -> Path | None:
    """None where there is no compiler that can."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = folder / "clock.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE)]
    return library if subprocess.run(command, capture_output=True, check=False).returncode == 0 else None


class Clock:
    def __init__(self, path: Path, library: Path | None) -> None:
        self._path = path
        self.set(0)
        self.can_step = library is not None
        self.environment = {"LD_PRELOAD": str(library), "PROTEINX_CHAOS_CLOCK": str(path)} if library else {}

    def set(self, seconds: int) -> None:
        """Off by so many seconds, from now on."""
        part = self._path.with_name(f"{self._path.name}.part")
        part.write_text(f"{seconds}")
        part.replace(self._path)
