"""Proteins in any number, with the lengths of real ones: each is cut at a random place, its parts swapped, and the
twenty letters exchanged, so that no two are equal or alike.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from proteinlab.biodata.readers import read_records
from proteinlab.biodata.residues import STANDARD

DATA = Path(__file__).parents[1] / "tests/data"
FILES = (DATA / "chloroplast.faa.gz", DATA / "meltome_full_task.csv", DATA / "secondary_structure.csv")


def made_proteins(files: Sequence[Path] = FILES) -> Iterator[str]:
    """Without end; the same files, the same proteins."""
    chance, letters = random.Random(1), list(STANDARD.decode())
    sequences = [record.sequence for file in files for record in read_records(file)]
    while True:
        sequence = chance.choice(sequences)
        cut = chance.randrange(len(sequence))
        others = str.maketrans(STANDARD.decode(), "".join(chance.sample(letters, len(letters))))
        yield (sequence[cut:] + sequence[:cut]).translate(others)
