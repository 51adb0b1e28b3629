"""Reading and the report take no more memory for a larger file. The long form, 10 GB, is in docs/data.md."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from proteinlab.biodata.readers import read_records
from proteinlab.biodata.residues import STANDARD

DATA = Path(__file__).parents[2] / "data"
MEASURED = """
import resource, sys
from pathlib import Path
from proteinlab.biodata.quality import report
from proteinlab.biodata.readers import read_records
if sys.argv[1] == "report":
    rows = report(Path(sys.argv[2])).rows
else:
    rows = sum(1 for _ in read_records(Path(sys.argv[2])))
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def write(path: Path, copies: int) -> int:
    """Real proteins over and over, each time with other letters in place of theirs. Returns the number of records."""
    proteins = [record.sequence.encode() for record in read_records(DATA / "chloroplast.faa.gz")]
    chance, letters = random.Random(1), list(STANDARD)
    with path.open("wb") as out:
        for copy in range(copies):
            chance.shuffle(letters)
            table = bytes.maketrans(STANDARD, bytes(letters))
            out.writelines(b">p%d_%d\n%s\n" % (copy, at, one.translate(table)) for at, one in enumerate(proteins))
    return copies * len(proteins)


@pytest.mark.parametrize("what", ["report", "records"])
def test_four_times_the_file_takes_as_much_memory(tmp_path: Path, what: str) -> None:
    peaks = []
    for copies in (500, 2000):
        path = tmp_path / "large.fasta"
        rows = write(path, copies)
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, what, str(path)], capture_output=True, text=True, check=True, timeout=120
        )
        counted, peak = map(int, done.stdout.split())
        assert counted == rows
        peaks.append(peak)
    added = path.stat().st_size * 3 / 4 / 1e6
    assert added > 30
    assert peaks[1] - peaks[0] < added / 3  # of the report: 42 bytes a record, for the first million
