"""Tells scripts that load libraries from those that do not, by reading them."""

import ast
import sys
from pathlib import Path

from worker.warm.plain import parse


def needs_libraries(command: str, folder: Path) -> bool:
    """False for a script that imports the standard library only: a fork of a small process is cheaper for it."""
    plain = parse(command)
    if plain is None:
        return False  # it starts cold, and its supervisor needs no libraries
    try:
        tree = ast.parse((folder / plain.script).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    return any(
        name.partition(".")[0] not in sys.stdlib_module_names for node in ast.walk(tree) for name in _names(node)
    )


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
