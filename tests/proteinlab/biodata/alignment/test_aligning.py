"""Aligning real proteins, and what alignments say of their columns."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from Bio.Align import substitution_matrices
from hydra import compose, initialize_config_dir

from proteinlab.biodata.alignment.alignment import Alignment
from proteinlab.biodata.alignment.files import read_alignment
from proteinlab.biodata.alignment.matrix import identity_matrix
from proteinlab.biodata.alignment.multiple import align_many
from proteinlab.biodata.alignment.pairwise import align_pair
from proteinlab.biodata.alignment.profile import BACKGROUND, LETTERS, profile
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.preprocess.engine import preprocess
from proteinlab.biodata.preprocess.workers import Workers
from proteinlab.biodata.readers import read_records

ROOT = Path(__file__).parents[4]
DATA = ROOT / "tests/data"


def globins() -> Alignment:
    return read_alignment(DATA / "globins45.ali.gz")


def test_pairs() -> None:
    one, other = globins().sequences()[:2]
    whole = align_pair(one, other)
    assert whole is not None
    assert (whole.first.replace("-", ""), whole.second.replace("-", "")) == (one, other)
    same = sum(a == b for a, b in zip(whole.first, whole.second, strict=True))
    assert whole.identical == same
    assert whole.identity == same / min(len(one), len(other)) > 0.8
    inner = align_pair(one[20:80], other, "semiglobal")
    assert inner is not None
    assert inner.first.strip("-").replace("-", "") == one[20:80]
    local = align_pair(f"PPPP{one[20:80]}", other, "local")
    assert local is not None
    assert (local.first_start, local.second_start) == (4, 20)
    assert align_pair("WWWW", "GGGG", "local") is None


def test_pairs_that_cannot_be_aligned() -> None:
    with pytest.raises(DataError, match=r"No matrix is called 'BLOSUM61'. Known: .*BLOSUM62"):
        align_pair("MK", "MK", matrix="BLOSUM61")
    with pytest.raises(DataError) as caught:
        align_pair("--", "MK")
    assert caught.value.code == "empty_sequence"


def test_many_are_aligned_much_as_the_curators_did() -> None:
    """Of the residue pairs of two globins that the curated alignment puts together, most must be found again."""
    curated = globins()
    made = align_many(curated.ids, curated.sequences(), threads=1)
    assert list(made.ids) == list(curated.ids)
    assert made.sequences() == curated.sequences()

    def pairs(alignment: Alignment, one: int, other: int) -> set[tuple[int, int]]:
        found, at, to = set(), 0, 0
        for a, b in zip(alignment.rows[one], alignment.rows[other], strict=True):
            if a != "-" and b != "-":
                found.add((at, to))
            at, to = at + (a != "-"), to + (b != "-")
        return found

    expected, found = pairs(curated, 0, 30), pairs(made, 0, 30)
    assert len(expected & found) / len(expected) > 0.9


def test_names_may_repeat_and_one_sequence_is_too_few() -> None:
    assert align_many(["x", "x"], ["MKTAYIAK", "MKAYIAK"]).rows[1].count("-") == 1
    with pytest.raises(DataError) as caught:
        align_many(["x"], ["MK"])
    assert caught.value.code == "too_few_sequences"


def test_profile_of_globins() -> None:
    found = profile(globins())
    assert found.frequencies.sum(axis=1) == pytest.approx(1.0)
    assert found.weights.sum() == pytest.approx(1.0)
    letters = globins().letters()
    # The proximal histidine, the phenylalanine between the haem and helix C, the leucine before it ...
    common = np.array([max(np.bincount(column)) for column in letters.T])
    conserved = np.flatnonzero((common >= 0.95 * len(letters)) & (found.gaps < 0.1))
    assert {chr(np.bincount(letters[:, column]).argmax()) for column in conserved.tolist()} >= {"H", "F"}
    for column in conserved.tolist():
        assert LETTERS[found.pssm[column].argmax()] == chr(np.bincount(letters[:, column]).argmax())
    assert set(conserved.tolist()) <= set(np.argsort(-found.information)[:50].tolist())


def test_henikoff_weights_as_in_their_paper() -> None:
    """The example of Henikoff and Henikoff (1994), figure 1: four sequences of which the first two are near."""
    found = profile(Alignment(list("abcd"), ["GYVGS", "GFDGF", "GYDGF", "GYQGG"]))
    assert found.weights == pytest.approx([4 / 15, 4 / 15, 3 / 15, 4 / 15])


def test_one_sequence_alone_scores_as_blosum62() -> None:
    """Nothing is observed but the sequence, so pseudocounts are all: BLOSUM62's scores, 0.3176 nats each."""
    blosum = substitution_matrices.load("BLOSUM62")
    found = profile(Alignment(["a"], [LETTERS]))
    expected = np.array([[blosum[one, other] for other in LETTERS] for one in LETTERS]) * 0.3176 / np.log(2)
    shifts = found.pssm - expected  # each row was made to add up to 1
    assert np.ptp(shifts, axis=1) == pytest.approx(0, abs=1e-9)
    assert np.abs(shifts).max() < 0.2
    assert found.gaps.max() == 0


def test_more_pseudocounts_bring_a_profile_nearer_to_the_background() -> None:
    heavy, light = profile(globins(), 1000), profile(globins(), 1)
    assert heavy.information.max() < light.information.max()
    assert (heavy.pssm.max(axis=1) <= light.pssm.max(axis=1) + 1e-9).mean() > 0.9
    with pytest.raises(DataError) as caught:
        profile(globins(), 0)
    assert caught.value.code == "bad_pseudocounts"


def test_gaps_are_weighted_and_an_unknown_residue_is_none() -> None:
    found = profile(Alignment(list("abc"), ["MK-", "MKX", "M--"]))
    assert found.gaps == pytest.approx([0, found.weights[2], found.weights[0] + found.weights[2]])
    assert found.frequencies[2] == pytest.approx(BACKGROUND, abs=0.01)


def test_identity_matrix_is_that_of_each_pair() -> None:
    proteins = [record.sequence for record in read_records(DATA / "chloroplast.faa.gz")][:24] + globins().sequences()[
        :6
    ]
    with Workers(processes=1) as workers:
        matrix = identity_matrix(proteins, workers)
    assert (matrix == matrix.T).all()
    assert (np.diag(matrix) == 1).all()
    for row in range(24, 30):
        for column in range(row + 1, 30):
            pair = align_pair(proteins[row], proteins[column], "local")
            assert pair is not None
            assert matrix[row, column] == pytest.approx(pair.identity, abs=0.02)
    assert matrix[:24, 24:].max() == 0


def run(output: Path, *overrides: str) -> dict:
    with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
        cfg = compose("preprocess", [f"output_dir={output}", "workers=1", *overrides])
    return preprocess(cfg)


def test_alignment_and_profile_as_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROTEINX_RUN_ID", "MLFLOW_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    run(tmp_path / "one", "preprocess=profile", f"data.path={DATA}/globins45.ali.gz", "name=globins")
    folder = tmp_path / "one/datasets/globins"
    notes = json.loads((tmp_path / "one/notes.json").read_text())
    with np.load(folder / "profile.npz") as arrays:
        assert arrays["pssm"].shape == (len(notes["trimmed"]["kept"]), 20)
    unaligned = tmp_path / "globins.fasta.gz"
    with gzip.open(unaligned, "wt") as text:
        for name, sequence in zip(globins().ids, globins().sequences(), strict=True):
            text.write(f">{name}\n{sequence}\n")
    arguments = ("preprocess=alignment", f"data.path={unaligned}", "preprocess.steps.trim=null")
    run(tmp_path / "two", *arguments)
    made = read_alignment(tmp_path / "two/datasets/processed/alignment.fasta")
    assert set(made.sequences()) == set(globins().sequences())
    run(tmp_path / "three", "preprocess=identity", f"data.path={unaligned}")
    with np.load(tmp_path / "three/datasets/processed/identity.npz") as arrays:
        assert arrays["identity"].shape == (len(made), len(made))
