"""The project `hello`, from which a new one starts."""

import re
import shutil
from pathlib import Path
from typing import Final

import proteinx
from proteinx.client.code_source import BadProject
from proteinx.contracts.projects import NAME

_PACKAGED: Final = Path(proteinx.__file__).parent / "project_template"
_IN_TREE: Final = Path(proteinx.__file__).parents[2] / "projects" / "hello"


def write(name: str, folder: Path) -> Path:
    """Copies the template to the new folder and gives it its name. Raises BadProject, OSError."""
    if not re.fullmatch(NAME, name):
        raise BadProject(f"{name!r} is no project name: letters, digits, '.', '_' and '-', a letter or digit first.")
    if folder.exists():
        raise BadProject(f"{folder} is there already; choose another name, or another folder with --to.")
    source = _PACKAGED if _PACKAGED.is_dir() else _IN_TREE
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__", "outputs", "mlruns"))
    for path, old in (("MLproject", "name: hello"), ("README.md", "# hello"), ("README.md", "px submit hello")):
        text = (folder / path).read_text(encoding="utf-8")
        (folder / path).write_text(text.replace(old, old.replace("hello", name)), encoding="utf-8")
    return folder
