"""Keeps the composing process to the snapshot: what YAML names, Hydra would open, wherever it lies."""

import os
import sys
from pathlib import Path
from typing import Any

import yaml

from app.projects.composer.refusal import NeedsCodeError, RefusedError


def confine(root: Path) -> None:
    """From now on only files below `root`, and Python's own modules, can be opened, for reading. Can't be undone."""
    places = [str(root), *filter(None, sys.path), sys.prefix, sys.base_prefix]
    allowed = tuple(os.path.realpath(place) + os.sep for place in places)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith(allowed):
                raise PermissionError(f"the config names a file outside the project: {path}")

    sys.addaudithook(audit)


def refuse_search_path(config_dir: Path, config_name: str) -> None:
    """A config that takes parts from elsewhere (`hydra.searchpath`) is left to the worker.

    Raises RefusedError if the primary config is missing.
    """
    path = config_dir / f"{config_name.removesuffix('.yaml')}.yaml"
    if not path.resolve().is_relative_to(config_dir.resolve()) or not path.is_file():
        raise RefusedError("bad_config", f"The script's config {config_name}.yaml is not in the snapshot.")
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    hydra = document.get("hydra") if isinstance(document, dict) else None
    if isinstance(hydra, dict) and hydra.get("searchpath"):
        raise NeedsCodeError


def uses_config_store(root: Path) -> bool:
    """Whether any of the project's code registers structured configs, which YAML alone does not show."""
    return any(b"ConfigStore" in path.read_bytes() for path in root.rglob("*.py"))
