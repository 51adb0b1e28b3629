"""`px bench` as the bootstrap starts it: with nothing but the command's own package to import."""

import importlib
import os
import subprocess
import sys

import pytest

from benchmarks.__main__ import ALONE, IN_A_LAB, WITH_BROWSER
from proteinx.cli import checkout


def test_bench_finds_all_of_the_source_tree_and_names_what_there_is() -> None:
    environment = os.environ | {"PYTHONPATH": str(checkout.root() / "src")}
    command = [sys.executable, "-m", "proteinx.cli", "bench", "nothing"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 2, ended.stderr
    assert all(name in ended.stdout for name in IN_A_LAB)


@pytest.mark.parametrize("name", [*IN_A_LAB, *ALONE, *WITH_BROWSER])
def test_each_benchmark_can_be_loaded(name: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{name}").measure)
