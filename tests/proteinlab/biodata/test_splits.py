"""Splits keep groups together, fill their shares, and have a name by content."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proteinlab.biodata import leakage
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.homology.clusters import cluster
from proteinlab.biodata.readers import read_records
from proteinlab.biodata.splits import (
    Fractions,
    column_split,
    group_split,
    mutation_split,
    random_split,
    split_id,
)
from proteinlab.biodata.variants.table import read_variants
from proteinlab.biodata.variants.wildtype import read_wild_type

DATA = Path(__file__).parents[2] / "data"
SHARES = Fractions(val=0.1, test=0.2)


def test_random_shares_are_exact_and_depend_on_the_seed_alone() -> None:
    sets = random_split(1000, SHARES, seed=1)
    assert Counter(sets) == {"train": 700, "val": 100, "test": 200}
    assert sets == random_split(1000, SHARES, seed=1)
    assert sets != random_split(1000, SHARES, seed=2)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=300), st.integers(0, 5))
def test_groups_stay_whole_and_shares_are_not_exceeded(groups: list[int], seed: int) -> None:
    try:
        sets = group_split(groups, SHARES, seed)
    except DataError as error:
        assert error.code == "too_few_groups"
        return
    assert len({(group, name) for group, name in zip(groups, sets, strict=True)}) == len(set(groups))
    counts = Counter(sets)
    assert counts["test"] <= 0.2 * len(groups) + 0.5
    assert counts["val"] <= 0.1 * len(groups) + 0.5


def test_a_split_by_cluster_does_not_leak_where_a_random_one_does() -> None:
    proteins = [record.sequence for record in read_records(DATA / "chloroplast.faa.gz")]
    proteins += [one[3:] for one in proteins[::3]]  # near copies, as data banks have them
    random.Random(0).shuffle(proteins)

    def leaked(sets: list[str]) -> float:
        train = [one for one, name in zip(proteins, sets, strict=True) if name == "train"]
        test = [one for one, name in zip(proteins, sets, strict=True) if name == "test"]
        return float(leakage.nearest_training_identity(train, test).max())

    assert leaked(list(random_split(len(proteins), SHARES, seed=0))) > 0.95
    labels = cluster(proteins, 0.3, "words").labels.tolist()
    assert leaked(list(group_split(labels, SHARES, seed=0))) < 0.3


def test_one_cluster_cannot_be_split() -> None:
    with pytest.raises(DataError, match="in 1 groups, the largest with 40") as caught:
        group_split([0] * 40, SHARES, seed=0)
    assert caught.value.code == "too_few_groups"


def test_by_column_named_values_go_where_they_are_sent() -> None:
    species = ["human"] * 5 + ["mouse"] * 5 + ["yeast"] * 5 + ["fly"] * 5
    sets = column_split(species, {"human": "test"}, Fractions(val=0.3), seed=0)
    assert {name for name, kind in zip(sets, species, strict=True) if kind == "human"} == {"test"}
    assert Counter(sets) == {"test": 5, "val": 5, "train": 10}
    whole = column_split(species, {}, Fractions(val=0.25, test=0.25), seed=0)
    assert Counter(whole) == {"train": 10, "val": 5, "test": 5}
    with pytest.raises(DataError, match=r"No record has 'dog' in the column. It has: 'fly', 'human'"):
        column_split(species, {"dog": "test"}, SHARES, seed=0)


def test_by_mutation_count_as_flip_does() -> None:
    variants = list(read_variants(DATA / "pab1.csv", read_wild_type(DATA / "pab1_wt.fasta")))
    counts = [len(variant.mutations) for variant in variants]
    sets = mutation_split(counts, 1, Fractions(val=0.3), seed=0)
    assert {count for count, name in zip(counts, sets, strict=True) if name != "test"} == {1}
    assert {count for count, name in zip(counts, sets, strict=True) if name == "test"} == {2}
    assert "val" in sets
    with pytest.raises(DataError, match="splitting at 2 leaves nothing to test on"):
        mutation_split(counts, 2, SHARES, seed=0)


def test_the_name_of_a_split_is_its_content() -> None:
    records = list(read_records(DATA / "gb1_three_vs_rest.csv"))
    sequences, sets = [one.sequence for one in records], [one.set for one in records]
    name = split_id(sequences, sets)
    assert len(name) == 16
    assert split_id(sequences[::-1], sets[::-1]) == name
    assert split_id(sequences, [*sets[:-1], "val"]) != name


@pytest.mark.parametrize(("val", "test"), [(0.5, 0.5), (-0.1, 0.2), (1.2, 0)])
def test_shares_leave_something_to_train_on(val: float, test: float) -> None:
    with pytest.raises(DataError) as caught:
        Fractions(val, test)
    assert caught.value.code == "bad_fractions"
