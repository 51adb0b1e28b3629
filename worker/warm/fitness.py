"""Whether a job can be started warm, and if not, why. Asked by the supervisor right before it forks the job."""

import importlib.machinery
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from worker.warm.plain import Plain

_SUFFIXES: Final = tuple(importlib.machinery.all_suffixes())
_AT_START: Final = frozenset({"sitecustomize", "usercustomize"})
"""Modules that a fresh interpreter imports by itself."""


def module_path(plain: Plain, folder: Path) -> list[str]:
    """What comes before the interpreter's own places in `sys.path`: the script's folder and PYTHONPATH."""
    script = os.path.realpath(folder / plain.script)
    given = plain.python_path.split(os.pathsep) if plain.python_path else []
    return [os.path.dirname(script), *(os.path.abspath(folder / entry) for entry in given)]  # noqa: PTH100, PTH120


def why_cold(plain: Plain, folder: Path, loaded: Collection[str]) -> str | None:
    """A sentence for the log; None if nothing stands against a warm start. `loaded`: what the launcher has imported."""
    script = folder / plain.script
    if script.suffix != ".py" or not script.is_file():
        return f"{plain.script} is no Python file"
    for entry in module_path(plain, folder):
        for name in _modules(Path(entry)):
            if name in loaded or name in _AT_START:
                return f"its own module {name} would be hidden by one that is loaded already"
    return None


def _modules(folder: Path) -> Iterator[str]:
    """What `import` finds in a folder, but for namespace packages, which an installed package goes before."""
    if not folder.is_dir():
        return
    for entry in os.scandir(folder):
        if entry.name.endswith(_SUFFIXES):
            yield entry.name.partition(".")[0]
        elif entry.is_dir() and any((folder / entry.name / f"__init__{suffix}").exists() for suffix in _SUFFIXES):
            yield entry.name
