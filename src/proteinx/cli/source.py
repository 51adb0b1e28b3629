"""`px test` and `px bench`: what only the source tree can do."""

import os
import subprocess
import sys
from typing import Annotated

import typer

from proteinx.cli import browser_tests, checkout
from proteinx.cli.exits import CommandError

Rest = Annotated[list[str] | None, typer.Argument(help="Passed on.")]


def test(
    browser: Annotated[
        bool, typer.Option("--browser", help="Check the portal and run the stories in tests/browser too.")
    ] = False,
    arguments: Rest = None,
) -> None:
    """Arguments go to pytest: `px test tests/proteinx -k login`. With two or more cores, files run side by side.

    With --browser it needs Chromium and Chinese fonts, which it installs where it may (Debian, as root).
    """
    root = checkout.root()
    given = arguments or []
    environment = os.environ | (browser_tests.prepare(root) if browser else {})
    spread = [] if any(item.startswith("-n") for item in given) else ["-n", str(min(os.cpu_count() or 1, 4))]
    command = [sys.executable, "-m", "pytest", *spread, "--dist", "loadfile", "--no-loadscope-reorder", *given]
    raise typer.Exit(subprocess.run(command, cwd=root, env=environment, check=False).returncode)


def bench(arguments: Rest = None) -> None:
    """Runs what is in benchmarks/; arguments are the names of single ones."""
    root = checkout.root()
    if not (root / "benchmarks" / "__main__.py").is_file():
        raise CommandError("There is no benchmarks/ in this source tree.")
    command = [sys.executable, "-m", "benchmarks", *(arguments or [])]
    raise typer.Exit(subprocess.run(command, cwd=root, env=checkout.all_sources(), check=False).returncode)
