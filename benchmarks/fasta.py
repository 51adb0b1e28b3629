"""Full quality report of a large FASTA file beside Biopython merely reading it, in turns, each in a process of its own.

`px bench fasta`, or, with the lengths of other proteins: python -m benchmarks.fasta TABLE
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.proteins import FILES, made_proteins

SIZE = 200_000_000
ROUNDS = 5
READ_WITH_BIOPYTHON = """
import sys
from Bio import SeqIO
print(sum(len(record) for record in SeqIO.parse(sys.argv[1], "fasta")))
"""
REPORT = """
import sys
from pathlib import Path
from proteinlab.biodata.quality import report
print(sum(report(Path(sys.argv[1])).residues.values()))
"""
# In kB; getrusage's figure would count what the process was before it became this program.
PEAK = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
# Dask leaves one behind in this process, which makes every program started later slower.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}


@dataclass(frozen=True, slots=True)
class Reading:
    """Start-up of the process included. CPU time is what neighbours on the machine disturb least."""

    wall: float
    cpu: float
    residues: int
    memory: int  # of the peak, in MB


def measure(files: Sequence[Path] = FILES) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="proteinx-fasta-") as folder:
        path = Path(folder) / "large.fasta"
        mean = write_fasta(path, files, SIZE)
        pairs = [(read(READ_WITH_BIOPYTHON, path), read(REPORT, path)) for _ in range(ROUNDS)]
    for theirs, ours in pairs:
        if theirs.residues != ours.residues:
            raise AssertionError(f"Biopython counts {theirs.residues} residues, the report {ours.residues}")
    wall, cpu = (statistics.median(getattr(a, of) / getattr(b, of) for a, b in pairs) for of in ("wall", "cpu"))
    theirs, ours = (min((pair[at] for pair in pairs), key=lambda one: one.wall) for at in range(2))
    return [
        Figure(
            f"quality report of a FASTA file, {SIZE / 1e6:.0f} MB, {mean:.0f} residues a record",
            f"{wall:.2f} times as fast (CPU time: {cpu:.2f}), {SIZE / 1e6 / ours.wall:.0f} MB/s",
            f"Bio.SeqIO.parse merely reads it: {SIZE / 1e6 / theirs.wall:.0f} MB/s",
            "at least 1.0",
            wall >= 1.0,
        ),
        Figure("its memory at the peak", f"{ours.memory} MB", f"Bio.SeqIO.parse: {theirs.memory} MB"),
    ]


def write_fasta(path: Path, files: Sequence[Path], size: int) -> float:
    """Lines of sixty, headers as of UniProt. Returns the mean length."""
    written = number = residues = 0
    proteins = made_proteins(files)
    with path.open("w") as out:
        while written < size:
            number += 1
            sequence = next(proteins)
            residues += len(sequence)
            lines = "\n".join(sequence[at : at + 60] for at in range(0, len(sequence), 60))
            header = f">tr|A{number:09d}|PROT{number} made for a benchmark OS=Homo sapiens PE=1"
            written += out.write(f"{header}\n{lines}\n")
    return residues / number


def read(code: str, path: Path) -> Reading:
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", code + PEAK, str(path)]
    done = subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    residues, memory = map(int, done.stdout.split())
    return Reading(wall, cpu, residues, memory // 1024)


if __name__ == "__main__":
    for figure in measure([Path(name) for name in sys.argv[1:]] or FILES):
        print(figure)
