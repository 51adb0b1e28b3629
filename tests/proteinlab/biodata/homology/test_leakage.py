"""Nearest training identity: right on real families, blind to chance."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from Bio import Align
from Bio.Align import substitution_matrices

from proteinlab.biodata import leakage
from proteinlab.biodata.alignment.files import read_alignment
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.homology.identity import IdentityIndex, plain
from proteinlab.biodata.homology.nearest import find_nearest
from proteinlab.biodata.homology.parent import have_one_parent
from proteinlab.biodata.readers import read_records
from proteinlab.biodata.variants.table import read_variants
from proteinlab.biodata.variants.wildtype import read_wild_type

DATA = Path(__file__).parents[3] / "data"


def sequences(name: str) -> list[str]:
    return [record.sequence for record in read_records(DATA / name)]


def family() -> list[str]:
    """The members of a Pfam seed alignment, without their gaps."""
    with gzip.open(DATA / "pfam1.seed.txt.gz", "rt") as text:
        rows = [line.split() for line in text if line.strip() and line[0] not in "#/"]
    return [plain(row[1]) for row in rows]


def biopython_identity(one: str, other: str) -> float:
    aligner = Align.PairwiseAligner(
        mode="local",
        substitution_matrix=substitution_matrices.load("BLOSUM62"),
        open_gap_score=-11,
        extend_gap_score=-1,
    )
    return aligner.align(plain(one), plain(other))[0].counts().identities / min(len(one), len(other))


def test_variants_are_compared_residue_by_residue() -> None:
    records = list(read_records(DATA / "gb1_three_vs_rest.csv"))
    train = [record.sequence for record in records if record.set == "train"]
    test = [record.sequence for record in records if record.set == "test"]
    expected = [max(sum(a == b for a, b in zip(one, other, strict=True)) / len(one) for other in train) for one in test]
    found = leakage.nearest_training_identity(train, test)
    assert found.dtype == np.float32
    assert found == pytest.approx(expected)
    assert min(expected) > 0.98


def test_relatives_have_the_identity_that_biopython_finds() -> None:
    members = family()
    nearest = find_nearest(members[1:], members[:1])
    row = int(nearest.row[0])
    assert row >= 0
    assert nearest.identity[0] == pytest.approx(biopython_identity(members[0], members[1:][row]), abs=0.02)


def test_the_search_finds_what_aligning_all_finds() -> None:
    proteins = sequences("chloroplast.faa.gz")
    train, test = proteins[::2], proteins[1::2]
    index, everything = IdentityIndex(train), np.arange(len(train))
    expected = [max(index.relatives(one, everything)[1], default=0.0) for one in test]
    assert leakage.nearest_training_identity(train, test) == pytest.approx(expected)
    assert max(expected) > 0.99


def test_a_domain_and_a_deletion_are_found_whole() -> None:
    proteins = [one for one in sequences("chloroplast.faa.gz") if len(one) > 200]
    domain = proteins[3][40:120]
    shortened = proteins[5][:60] + proteins[5][63:]
    found = find_nearest(proteins, [domain, shortened])
    assert found.row.tolist() == [3, 5]
    assert found.identity == pytest.approx(1.0)


def test_chance_is_no_relative() -> None:
    proteins = sequences("chloroplast.faa.gz")
    turned = [one[::-1] for one in proteins if len(one) > 60]
    found = leakage.nearest_training_identity(proteins, turned)
    assert (found == 0).mean() > 0.97


def test_odd_letters_gaps_and_nothing_at_all() -> None:
    protein = sequences("chloroplast.faa.gz")[0]
    odd = f"{protein[:10]}U{protein[11:]}"
    assert leakage.nearest_training_identity([protein], [odd, f"{protein[:9]}--{protein[9:]}"]).min() > 0.99
    assert leakage.nearest_training_identity([], [protein]).tolist() == [0.0]
    assert leakage.nearest_training_identity([protein], []).shape == (0,)
    assert leakage.nearest_training_identity(["MK"], ["W", "MK"]).tolist() == [0.0, 1.0]


def test_summary_tags_and_refusal() -> None:
    identities = np.array([0.0, 0.2, 0.31, 0.95, 1.0], dtype=np.float32)
    figures = leakage.summary(identities)
    assert (figures["count"], figures["identical"], figures["share_above_30"]) == (5, 1, 0.6)
    assert sum(figures["histogram"]) == 5
    assert figures["histogram"][-1] == 2
    assert leakage.summary(identities[:0]) == {"count": 0}
    tags = leakage.tags(identities)
    assert (tags["leakage.leaky"], tags["leakage.max"]) == ("true", "1")
    assert leakage.tags(identities[:2])["leakage.leaky"] == "false"
    leakage.refuse_leaky(identities, limit=0.3, tolerated=0.6)
    with pytest.raises(DataError, match=r"3 of 5 test sequences are at least 30% identical") as caught:
        leakage.refuse_leaky(identities)
    assert caught.value.code == "leaky_split"


def test_variants_of_one_parent_are_told_from_proteins_and_families() -> None:
    gb1 = [record.sequence for record in read_records(DATA / "gb1_three_vs_rest.csv")]
    wild_type = read_wild_type(DATA / "pab1_wt.fasta")
    pab1 = [one.record.sequence for one in read_variants(DATA / "pab1.csv", wild_type, stop="truncate")]
    proteins = [record.sequence for record in read_records(DATA / "chloroplast.faa.gz")]
    globins = read_alignment(DATA / "globins45.ali.gz").sequences()
    assert have_one_parent(gb1)
    assert not have_one_parent(proteins)
    assert not have_one_parent(globins)
    assert not have_one_parent(pab1)  # cut at their stop codons, they are fragments of any length
    assert have_one_parent([one.record.sequence for one in read_variants(DATA / "pab1.csv", wild_type)])
    assert not have_one_parent(gb1[:1])
