"""Relations between test and training sequences, in real families."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.homology.parent import ONE_PARENT
from proteinlab.training.evaluation.kinship import measure_kinship
from proteinlab.training.splits import Split

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def proteome() -> list[str]:
    """Proteins of many families (melting temperatures), short ones."""
    with (ROOT / "tests/data/meltome_full_task.csv").open() as stream:
        return [row["sequence"] for row in csv.DictReader(stream) if len(row["sequence"]) < 800]


def halves(count: int) -> list[Split]:
    return ["train" if row < count // 2 else "test" for row in range(count)]


def test_many_families_are_not_one(proteome: list[str]) -> None:
    found = measure_kinship(proteome, halves(len(proteome)), budget=None)
    assert not found.one_parent
    assert np.isnan(found.identity[: len(proteome) // 2]).all()
    assert len(found.measured) == len(proteome) - len(proteome) // 2
    assert found.tags()["leakage.level"] == found.level != ONE_PARENT


def test_a_repeated_sequence_is_a_leak_and_names_its_twin(proteome: list[str]) -> None:
    sequences = [*proteome, proteome[3]]
    splits: list[Split] = [*halves(len(proteome)), "test"]
    found = measure_kinship(sequences, splits, budget=None)
    assert (found.identity[-1], found.relative[-1]) == (1.0, 3)
    assert found.level == "identical sequences"
    assert found.tags()["leakage.leaky"] == "true"
    with pytest.raises(DataError, match="test sequences"):
        found.refuse_above(0.9)


def test_variants_of_one_parent_are_no_leak_but_repeated_ones_are() -> None:
    with gzip.open(ROOT / "examples/gb1_flip/three_vs_rest.csv.gz", "rt") as stream:
        rows = list(csv.DictReader(stream))[::40]
    sequences = [row["sequence"] for row in rows]
    found = measure_kinship(sequences, halves(len(rows)), budget=10)
    assert found.one_parent
    assert len(found.measured) == len(rows) - len(rows) // 2, "whatever the budget: variants need no alignment"
    assert found.tags()["leakage.leaky"] == "false"
    found.refuse_above(0.3)
    again = measure_kinship([*sequences, sequences[0]], [*halves(len(rows)), "test"], budget=None)
    with pytest.raises(DataError, match="1 of"):
        again.refuse_above(0.3)


def test_a_search_that_would_take_too_long_takes_a_part(proteome: list[str]) -> None:
    splits = halves(len(proteome))
    known = len(proteome) // 2
    cells = known * np.mean([len(one) for one in proteome[:known]]) * np.mean([len(one) for one in proteome[known:]])
    found = measure_kinship(proteome, splits, budget=int(5 * cells))
    assert 0 < len(found.measured) < known
    assert int(found.tags()["leakage.not_searched"]) == len(proteome) - known - len(found.measured)


def test_a_pair_is_as_new_as_its_newer_partner(proteome: list[str]) -> None:
    first, second, third, fourth = proteome[:4]
    splits: list[Split] = ["train", "test", "test"]
    found = measure_kinship([first, second, first], splits, partners=[second, first, fourth], budget=None)
    assert found.identity[1] == 1.0, "both partners were seen, in the other order"
    assert found.identity[2] < 0.5
    assert third
