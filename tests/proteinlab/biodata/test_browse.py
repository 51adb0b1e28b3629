"""The index of a data file, as its command writes it."""

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from proteinlab.biodata.alignment.alignment import Alignment
from proteinlab.biodata.alignment.consensus import consensus
from proteinlab.biodata.browse import REFUSED, main

DATA = Path(__file__).parents[2] / "data"


def facts(out: Path) -> dict[str, object]:
    with sqlite3.connect(out) as database:
        return {key: json.loads(value) for key, value in database.execute("SELECT * FROM facts")}


def test_every_record_of_a_table(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main([str(DATA / "gb1_three_vs_rest.csv"), str(out)]) == 0
    found = facts(out)
    assert found["kind"] == "sequences"
    with sqlite3.connect(out) as database:
        wrong = database.execute("SELECT count(*) FROM records WHERE length != length(sequence)").fetchone()[0]
        rows, last = database.execute("SELECT count(*), max(row) FROM records").fetchone()
    assert rows == last == found["rows"] == 40
    assert wrong == 0


def test_insertions_of_a3m_are_left_out(tmp_path: Path) -> None:
    path, out = tmp_path / "a.a3m", tmp_path / "out"
    path.write_text(">a\nMKV-\n>b\nMKVaaL\n")
    assert main([str(path), str(out)]) == 0
    assert facts(out)["width"] == 4
    with sqlite3.connect(out) as database:
        assert list(database.execute("SELECT id, sequence, length, line FROM records")) == [
            ("a", "MKV-", 3, 1),
            ("b", "MKVL", 4, 3),
        ]


def test_a_refusal_names_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.fasta"
    path.write_text(">a\nMK1\n")
    assert main([str(path), str(tmp_path / "out")]) == REFUSED
    error = json.loads(capsys.readouterr().out)
    assert (error["code"], error["line"]) == ("illegal_residue", 2)


def test_consensus_of_known_columns() -> None:
    found = consensus(Alignment(["a", "b", "c", "d"], ["MA--", "MC-A", "MDL-", "MEL-"]))
    assert found.letters == "MAL-"
    np.testing.assert_allclose(found.conservation[0], 1)
    np.testing.assert_allclose(found.conservation[1], 1 - 2 / np.log2(20))
    np.testing.assert_allclose(found.conservation[2], 0.5)
    np.testing.assert_allclose(found.gaps, [0, 0, 0.5, 0.75])
