"""Reads MLflow's `python_env.yaml`, and names the environment that it describes by its content."""

import hashlib
import json
import platform
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from packaging.requirements import InvalidRequirement, Requirement

from worker.environments.base import CannotHave

_MAX_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class PythonEnv:
    python: str | None
    """`3.11` or `3.11.7`; None = the worker's."""
    build_dependencies: tuple[str, ...]
    dependencies: tuple[str, ...]
    """Lines as pip takes them: requirements, `-r file`, options."""

    def names(self) -> list[str]:
        """Of the packages that its lines name plainly."""
        found = []
        for line in self.dependencies:
            try:
                found.append(Requirement(line).name)
            except InvalidRequirement:  # an option, or a path
                continue
        return found

    def arguments(self, lines: tuple[str, ...]) -> list[str]:
        """As words of pip's command line: it reads paths as the project's folder has them."""
        return [word for line in lines for word in (shlex.split(line) if line.startswith(("-", ".")) else [line])]

    def key(self, project: Path) -> str:
        """Changes with everything that it is made of: the lines, the files that they name, and this interpreter."""
        content = {
            "python": [self.python, platform.python_version(), platform.machine()],
            "lines": [self.build_dependencies, self.dependencies],
            "files": _named_files(project, self.arguments(self.build_dependencies + self.dependencies)),
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def load(project: Path, name: str) -> PythonEnv:
    """Raises CannotHave."""
    path = inside(project, name)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise CannotHave(f"{name} is larger than {_MAX_BYTES // 1024} KiB")
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CannotHave(f"{name} can't be read: {error}") from error
    if not isinstance(document, dict):
        raise CannotHave(f"{name} must be a mapping with python and dependencies")
    python = document.get("python")
    if python is not None and not isinstance(python, str):
        raise CannotHave(f'{name}: quote the version of python ("{python}"), or YAML reads 3.10 as 3.1')
    return PythonEnv(python, _lines(document, "build_dependencies", name), _lines(document, "dependencies", name))


def inside(project: Path, name: str) -> Path:
    """Raises CannotHave for a file that is not the project's."""
    path = project / name
    if not path.resolve().is_relative_to(project.resolve()) or not path.is_file():
        raise CannotHave(f"MLproject names {name}, and there is no such file in the project's folder")
    return path


def _lines(document: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
    lines = document.get(key) or []
    if not isinstance(lines, list) or not all(isinstance(line, str) and line.strip() for line in lines):
        raise CannotHave(f"{name}: {key} must be a list of requirements, one text each")
    return tuple(line.strip() for line in lines)


def _named_files(project: Path, words: list[str]) -> dict[str, str]:
    """Files and folders of the project that the words name (`-r x.txt`, `--find-links=wheels`), by content."""
    found = {}
    for word in words:
        path = project / (word.rpartition("=")[2] if word.startswith("-") else word)
        if not path.resolve().is_relative_to(project.resolve()):
            continue
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        if path.resolve() == project.resolve():
            continue  # the project itself is no package
        for file in files:
            found[file.relative_to(project).as_posix()] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found
