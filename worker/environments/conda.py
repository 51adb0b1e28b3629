"""A conda environment made from the project's `conda.yaml`, once for all jobs with the same content."""

import hashlib
import json
import os
import platform
import shutil
from pathlib import Path
from typing import Final

from proteinx.contracts.jobs import JobSpec
from worker.environments.base import CannotHave, Site
from worker.environments.building import build
from worker.environments.installed import in_folder
from worker.environments.python_env import inside
from worker.landlock import Access
from worker.launch import Launch

_PROGRAMS: Final = ("conda", "mamba", "micromamba")
_SHOWN: Final = 12


class Conda:
    def __init__(self, project: Path, name: str) -> None:
        """Raises CannotHave."""
        self._file = inside(project, name)
        self._program = find()
        content = [self._file.read_text(encoding="utf-8", errors="replace"), platform.machine()]
        self._key = hashlib.sha256(json.dumps(["conda", *content]).encode()).hexdigest()

    @property
    def label(self) -> str:
        return f"conda {self._key[:_SHOWN]}"

    def make(self, site: Site) -> None:
        build(site, self._key, self.label, lambda folder: [creation(self._program, folder / "env", self._file)])

    def adapt(self, launch: Launch, spec: JobSpec, site: Site) -> None:
        folder = site.cache.environments / self._key
        launch.arguments = activation(self._program, folder / "env", launch.command)
        launch.special[str(folder)] = Access.READ.value
        launch.holds.append(self._key)
        launch.packages = in_folder(folder / "env")


def find() -> str:
    """Raises CannotHave."""
    known = os.environ.get("CONDA_EXE") or next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if known is None:
        raise CannotHave(
            "the project asks for conda, and this worker has none (neither conda, mamba nor micromamba): install one, "
            "give the job to a worker that has it by a label, or submit with environment=own"
        )
    return known


def creation(program: str, prefix: Path, file: Path) -> list[str]:
    if Path(program).stem == "micromamba":
        return [program, "create", "--yes", "--quiet", "--prefix", str(prefix), "--file", str(file)]
    return [program, "env", "create", "--quiet", "--prefix", str(prefix), "--file", str(file)]


def activation(program: str, prefix: Path, command: str) -> list[str]:
    """Runs the command as in an activated environment; output and signals pass through."""
    attached = [] if Path(program).stem == "micromamba" else ["--no-capture-output"]
    return [program, "run", *attached, "--prefix", str(prefix), "bash", "-c", command]
