"""Full quality report of a large FASTA file beside Biopython merely reading it, in turns, in the same run.

python benchmarks/biodata_report.py path/to/table.csv.gz [--megabytes 200] [--rounds 5]

The file is made from the sequences of a real table (meltome has the lengths of whole proteomes): each is
cut at a random place and its parts swapped, so that no two are equal, and written in lines of sixty.
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from proteinlab.biodata.readers import read_records

READ_WITH_BIOPYTHON = """
import sys
from Bio import SeqIO
print(sum(len(record) for record in SeqIO.parse(sys.argv[1], "fasta")))
"""
REPORT = """
import resource, sys
from pathlib import Path
from proteinlab.biodata.quality import report
result = report(Path(sys.argv[1]))
print(sum(result.residues.values()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Quality report beside Biopython's reading.")
    parser.add_argument("table", type=Path)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.fasta"
        write_fasta(path, options.table, options.megabytes * 1_000_000)
        print(json.dumps(compare(path, options.rounds), indent=2))


def write_fasta(path: Path, table: Path, size: int) -> None:
    chance = random.Random(1)
    sequences = [record.sequence for record in read_records(table)]
    written = number = 0
    with path.open("w") as out:
        while written < size:
            number += 1
            sequence = chance.choice(sequences)
            cut = chance.randrange(len(sequence))
            turned = sequence[cut:] + sequence[:cut]
            lines = "\n".join(turned[at : at + 60] for at in range(0, len(turned), 60))
            header = f">tr|A{number:09d}|PROT{number} made for a benchmark OS=Homo sapiens PE=1"
            written += out.write(f"{header}\n{lines}\n")


def compare(path: Path, rounds: int) -> dict[str, float]:
    """Whole processes, start-up included. CPU time is what neighbours on the machine disturb least."""
    megabytes = path.stat().st_size / 1e6
    biopython, report, memory = [], [], 0
    for _ in range(rounds):
        times, (residues,) = run(READ_WITH_BIOPYTHON, path)
        biopython.append(times)
        times, (counted, memory) = run(REPORT, path)
        report.append(times)
        assert counted == residues, (counted, residues)
    return {
        "megabytes": round(megabytes),
        "biopython_read_mb_s": round(megabytes / min(wall for wall, _ in biopython)),
        "full_report_mb_s": round(megabytes / min(wall for wall, _ in report)),
        "median_ratio_wall": median_ratio(biopython, report, 0),
        "median_ratio_cpu": median_ratio(biopython, report, 1),
        "report_peak_memory_mb": round(memory / 1024),
    }


def median_ratio(one: list[tuple[float, float]], other: list[tuple[float, float]], which: int) -> float:
    return round(statistics.median(a[which] / b[which] for a, b in zip(one, other, strict=True)), 2)


def run(code: str, path: Path) -> tuple[tuple[float, float], list[int]]:
    """Seconds of wall and CPU time, and the numbers printed."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (wall, cpu), [int(word) for word in done.stdout.split()]


if __name__ == "__main__":
    main()
