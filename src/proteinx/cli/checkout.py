"""The source tree that `px` runs from, its `.env`, and the folder that holds the state of this machine's system."""

import os
from functools import lru_cache
from pathlib import Path

from proteinx.cli.exits import CommandError


def root() -> Path:
    """Raises CommandError where `px` was installed by pip without the source tree."""
    candidate = Path(__file__).resolve().parents[3]
    if not (candidate / "platform" / "app" / "main.py").is_file():
        raise CommandError("This command needs the source tree: clone the repository and use the `px` in it.")
    return candidate


def home() -> Path:
    """`<checkout>/var` unless PROTEINX_HOME says otherwise."""
    chosen = configured("PROTEINX_HOME")
    return Path(chosen).resolve() if chosen else root() / "var"


def all_sources() -> dict[str, str]:
    """The environment for programs of the source tree that use all of it: benchmarks, chaos."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(str(root() / name) for name in ("src", "platform", "."))}


def configured(name: str) -> str | None:
    """A setting as the master will see it: from the environment, else from `.env` in the source tree."""
    return os.environ.get(name) or _dotenv(root() / ".env").get(name)


@lru_cache
def _dotenv(path: Path) -> dict[str, str | None]:
    from dotenv import dotenv_values

    return dotenv_values(path) if path.is_file() else {}
