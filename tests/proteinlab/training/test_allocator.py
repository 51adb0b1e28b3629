"""Memory that each step frees and asks for again."""

import os
import subprocess
import sys

import pytest

_STEPS = """
import resource, sys, torch
from proteinlab.training.allocator import keep_freed_memory
if sys.argv[1] == "keep":
    keep_freed_memory()
def step():
    [torch.ones(1_000_000) for _ in range(4)]
    kept = torch.ones(100_000)
    del kept
for _ in range(5):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


_FIRST_THRESHOLD = {"MALLOC_MMAP_THRESHOLD_": "131072"}
"""What glibc begins with: it then moves it by what it sees freed, and by luck of where the heap ends."""


def faults(way: str) -> int:
    environment = os.environ | _FIRST_THRESHOLD
    command = [sys.executable, "-c", _STEPS, way]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="malloc of glibc")
def test_freed_memory_is_used_again_without_asking_the_kernel() -> None:
    assert faults("default") > 2_000
    assert faults("keep") < 200
