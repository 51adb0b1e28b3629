"""The source tree that `px` runs from, and the folder that holds the state of this machine's system."""

import os
from pathlib import Path

from proteinx.cli.exits import CommandError

HOME_VARIABLE = "PROTEINX_HOME"


def root() -> Path:
    """Raises CommandError where `px` was installed by pip without the source tree."""
    candidate = Path(__file__).resolve().parents[3]
    if not (candidate / "platform" / "app" / "main.py").is_file():
        raise CommandError("This command needs the source tree: clone the repository and use the `px` in it.")
    return candidate


def home() -> Path:
    """`<checkout>/var` unless PROTEINX_HOME says otherwise."""
    chosen = os.environ.get(HOME_VARIABLE)
    return Path(chosen).resolve() if chosen else root() / "var"
