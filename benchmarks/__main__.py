"""`px bench`: runs the named benchmarks, or all of them, and prints one table."""

import importlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure
from tests.integration.harness import Lab

IN_A_LAB: Final[tuple[str, ...]] = (
    *("start", "dispatch", "log", "logging", "memory", "training", "notebook", "serving", "sorting"),
)
"""Each is a module with `measure(lab) -> list[Figure]`; they share one master."""
WITH_BROWSER: Final[tuple[str, ...]] = ("portal",)
"""As those in a lab, but only where they are named: they need Chromium and the built portal."""
ALONE: Final[tuple[str, ...]] = ("fasta", "identity", "batching", "loop", "flip", "scheduling", "scale")
"""Each is a module with `measure() -> list[Figure]`; they need no master."""


def main(names: list[str]) -> int:
    console = Console()
    known = (*IN_A_LAB, *ALONE, *WITH_BROWSER)
    paths = [name for name in names if name not in known and Path(name).exists()]  # of `flip`
    wanted = [name for name in names if name not in paths] or [*IN_A_LAB, *ALONE]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        console.print(f"There is no benchmark {unknown[0]}; there are {', '.join(known)}.", style="red")
        return 2
    alone = [name for name in wanted if name in ALONE]
    figures = [figure for name in alone for figure in _measurer(name)(*(paths if name == "flip" else ()))]
    figures += _in_a_lab([name for name in wanted if name in IN_A_LAB + WITH_BROWSER])
    console.print(_table(figures))
    console.print(f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}")
    return 0


def _in_a_lab(names: list[str]) -> list[Figure]:
    if not names:
        return []
    with tempfile.TemporaryDirectory(prefix="proteinx-bench-") as folder:
        lab = Lab(Path(folder), settings=Lab.PATIENT)
        try:
            lab.start()
            return [figure for name in names for figure in _measurer(name)(lab)]
        finally:
            lab.stop()


def _measurer(name: str) -> Callable[..., list[Figure]]:
    measure: Callable[..., list[Figure]] = importlib.import_module(f"benchmarks.{name}").measure
    return measure


def _table(figures: list[Figure]) -> Table:
    table = Table("what", "measured", "beside", "target", "", title="ProteinX benchmarks")
    for figure in figures:
        mark = "" if figure.reached is None else "reached" if figure.reached else "[red]missed[/red]"
        table.add_row(figure.what, figure.measured, figure.beside, figure.target, mark)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
