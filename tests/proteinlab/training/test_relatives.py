"""What a model remembers of its training set, and what it says of new sequences by it."""

from pathlib import Path

import numpy as np
import pytest

from proteinlab.biodata.homology.nearest import Budget, find_nearest
from proteinlab.training.evaluation.kinship import measure_kinship
from proteinlab.training.relatives import FILENAME, MOST_RESIDUES, Relatives
from proteinlab.training.samples import Samples

TRAINED = ["MTYKLILNGKTLKGETTTEAVDAATAEKVFKQYANDNGVDGEWTYDDATKTFTVTE", "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRV"]
NEW = [TRAINED[0][:38] + "C" + TRAINED[0][39:], "MSTNPKPQRKTKRNTNRRPQDVKFPGGGQIVGGVYLLPRRGPRLG", TRAINED[1][5:35]]


def test_it_is_the_identity_that_evaluation_speaks_of(tmp_path: Path) -> None:
    Relatives(TRAINED).save(tmp_path)
    kept = Relatives.load(tmp_path)
    said = kept.identity(NEW)
    measured = measure_kinship([*TRAINED, *NEW], ["train", "train", "test", "test", "test"], budget=None)
    assert said.tolist() == measured.identity[2:].tolist()
    assert said[0] == pytest.approx(55 / 56)
    assert said[2] == 1.0
    assert kept.identity([TRAINED[0]], [NEW[1]])[0] == said[1]


def test_the_same_sequences_are_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for number, order in enumerate((TRAINED, TRAINED[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        samples = samples_of([*order, order[0], "MKV"], ["train", "train", "train", "test"])
        Relatives.of(samples).save(folder)
        written.append((folder / FILENAME).read_bytes())
    assert written[0] == written[1]
    assert Relatives.load(tmp_path / "0").training == sorted(TRAINED)


def samples_of(sequences: list[str], splits: list[str]) -> Samples:
    made = Samples.__new__(Samples)
    object.__setattr__(made, "sequences", sequences)
    object.__setattr__(made, "splits", splits)
    object.__setattr__(made, "partners", None)
    return made


def test_what_was_not_kept_or_not_reached_is_not_known(tmp_path: Path) -> None:
    assert np.isnan(Relatives.load(tmp_path).identity(NEW)).all()
    huge = Relatives.of(samples_of(["M" * (MOST_RESIDUES + 1)], ["train"]))
    huge.save(tmp_path)
    assert not (tmp_path / FILENAME).exists()
    whole = find_nearest(TRAINED, NEW).identity
    cells = np.mean([len(one) for one in TRAINED]) * len(TRAINED)
    budget = Budget(cells * len(NEW[1]) + 1)
    said = Relatives(TRAINED, budget).identity(NEW)
    assert said[:2].tolist() == whole[:2].tolist()  # the first stands as it is, and costs nothing
    assert np.isnan(said[2])
    assert budget.cells == pytest.approx(1)
