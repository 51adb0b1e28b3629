"""A virtual environment made from the project's `python_env.yaml`, once for all jobs with the same content."""

import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Final

from proteinx.contracts.jobs import JobSpec
from worker.environments.base import CannotHave, Site
from worker.environments.building import build
from worker.environments.installed import in_folder
from worker.environments.python_env import PythonEnv
from worker.landlock import Access
from worker.launch import Launch

_SHOWN: Final = 12


class Venv:
    def __init__(self, wanted: PythonEnv, project: Path) -> None:
        self._wanted = wanted
        self._key = wanted.key(project)

    @property
    def label(self) -> str:
        return f"venv {self._key[:_SHOWN]}"

    def make(self, site: Site) -> None:
        build(site, self._key, self.label, lambda folder: commands(self._wanted, folder))

    def adapt(self, launch: Launch, spec: JobSpec, site: Site) -> None:
        folder = site.cache.environments / self._key
        launch.environment |= {
            "PATH": os.pathsep.join([str(folder / "bin"), os.environ.get("PATH", os.defpath)]),
            "VIRTUAL_ENV": str(folder),
        }
        launch.special[str(folder)] = Access.READ.value
        launch.holds.append(self._key)
        launch.packages = in_folder(folder)


def commands(wanted: PythonEnv, folder: Path) -> list[list[str]]:
    """By uv where it is installed, else by the interpreter's own venv and pip. Raises CannotHave."""
    uv = find_uv()
    lines = [lines for lines in (wanted.build_dependencies, wanted.dependencies) if lines]
    if uv is not None:
        making = [uv, "venv", "--no-project", "--no-config", "--python", wanted.python or sys.executable, str(folder)]
        install = [uv, "pip", "install", "--python", str(folder / "bin" / "python")]
    else:
        making = [_interpreter(wanted.python), "-m", "venv", str(folder)]
        install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    return [making, *([*install, *wanted.arguments(part)] for part in lines)]


def find_uv() -> str | None:
    """The one beside the worker's interpreter first."""
    beside = Path(sys.executable).parent / "uv"
    return str(beside) if beside.exists() else shutil.which("uv")


def _interpreter(version: str | None) -> str:
    if version is None or f"{platform.python_version()}.".startswith(f"{version}."):
        return sys.executable
    found = shutil.which(f"python{'.'.join(version.split('.')[:2])}")
    if found is None:
        raise CannotHave(f"this worker has neither Python {version} nor uv, which could fetch it: install one of them")
    return found
