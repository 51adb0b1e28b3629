"""`px test` and `px bench`: what only the source tree can do."""

import os
import subprocess
import sys
from typing import Annotated

import typer

from proteinx.cli import checkout
from proteinx.cli.exits import CommandError

Rest = Annotated[list[str] | None, typer.Argument(help="Passed on.")]


def test(arguments: Rest = None) -> None:
    """Arguments go to pytest: `px test tests/proteinx -k login`. With two or more cores, files run side by side."""
    root = checkout.root()
    given = arguments or []
    spread = [] if any(item.startswith("-n") for item in given) else ["-n", str(min(os.cpu_count() or 1, 4))]
    command = [sys.executable, "-m", "pytest", *spread, "--dist", "loadfile", *given]
    raise typer.Exit(subprocess.run(command, cwd=root, check=False).returncode)


def bench(arguments: Rest = None) -> None:
    """Runs what is in benchmarks/; arguments are the names of single ones."""
    root = checkout.root()
    if not (root / "benchmarks" / "__main__.py").is_file():
        raise CommandError("There is no benchmarks/ in this source tree.")
    command = [sys.executable, "-m", "benchmarks", *(arguments or [])]
    raise typer.Exit(subprocess.run(command, cwd=root, check=False).returncode)
