"""`px chaos`."""

import subprocess
import sys
from typing import Annotated

import typer

from proteinx.cli import checkout
from proteinx.cli.exits import CommandError


def chaos(
    jobs: Annotated[int, typer.Option(min=1, help="Jobs of different lengths.")] = 20,
    faults: Annotated[int, typer.Option(min=0, help="Faults that strike meanwhile.")] = 10,
    seed: Annotated[int, typer.Option(help="The same seed gives the same plan.")] = 1,
    agents: Annotated[int, typer.Option(min=1, max=16, help="Workers, all on this machine.")] = 3,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the folder with all logs.")] = False,
) -> None:
    """Starts a system of its own, strikes it while jobs run, and checks from the outside that nothing was lost, doubled
    or left. Ends in the line `violations: 0`, exit code 0; else each violation is named, and the exit code is 1.
    """
    root = checkout.root()
    if not (root / "tests" / "chaos" / "__main__.py").is_file():
        raise CommandError("There is no tests/chaos/ in this source tree.")
    options = ["--jobs", str(jobs), "--faults", str(faults), "--seed", str(seed), "--agents", str(agents)]
    command = [sys.executable, "-m", "tests.chaos", *options, *(["--keep"] if keep else [])]
    raise typer.Exit(subprocess.run(command, cwd=root, env=checkout.all_sources(), check=False).returncode)
