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

IN_A_LAB: Final[tuple[str, ...]] = ("start", "log", "memory", "training", "notebook")
"""Each is a module with `measure(lab) -> list[Figure]`; they share one master."""


def main(names: list[str]) -> int:
    console = Console()
    wanted = names or list(IN_A_LAB)
    unknown = [name for name in wanted if name not in IN_A_LAB]
    if unknown:
        console.print(f"There is no benchmark {unknown[0]}; there are {', '.join(IN_A_LAB)}.", style="red")
        return 2
    with tempfile.TemporaryDirectory(prefix="proteinx-bench-") as folder:
        lab = Lab(Path(folder), settings=Lab.PATIENT)
        try:
            lab.start()
            figures = [figure for name in wanted for figure in _measurer(name)(lab)]
        finally:
            lab.stop()
    console.print(_table(figures))
    console.print(f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}")
    return 0


def _measurer(name: str) -> Callable[[Lab], list[Figure]]:
    measure: Callable[[Lab], list[Figure]] = importlib.import_module(f"benchmarks.{name}").measure
    return measure


def _table(figures: list[Figure]) -> Table:
    table = Table("what", "measured", "beside", "target", "", title="ProteinX benchmarks")
    for figure in figures:
        mark = "" if figure.reached is None else "reached" if figure.reached else "[red]missed[/red]"
        table.add_row(figure.what, figure.measured, figure.beside, figure.target, mark)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
