"""Tables of pairs: proteins of the chloroplast, paired at will (real pairs with labels are not at hand)."""

import csv
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir

from proteinlab.biodata.clean import clean
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.preprocess.engine import preprocess
from proteinlab.biodata.quality import report
from proteinlab.biodata.readers import columns_of, read_records

ROOT = Path(__file__).parents[3]
PROTEINS = [record.sequence for record in read_records(ROOT / "tests/data/chloroplast.faa.gz")]
A, B, C, D = sorted(set(PROTEINS), key=len)[:4]
HEADER = "sequence_a,sequence_b,label,set"


def table(folder: Path, *rows: tuple[str, str, str, str], header: str = HEADER) -> Path:
    path = folder / "pairs.csv"
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]) + "\n")
    return path


def test_a_protein_may_stand_in_many_pairs(tmp_path: Path) -> None:
    path = table(tmp_path, (A, B, "1", "train"), (A, C, "0", "train"), (A, D, "1", "test"), (B, C, "0", "test"))
    result = report(path)
    assert result.findings == []
    assert result.rows == 4
    assert result.columns is not None
    assert (result.columns.sequence, result.columns.partner) == ("sequence_a", "sequence_b")
    assert sum(result.residues.values()) == 3 * len(A) + 2 * len(B) + 2 * len(C) + len(D)
    assert result.lengths is not None
    assert result.lengths.max == len(D)


def test_the_same_two_in_either_order_are_a_repeat(tmp_path: Path) -> None:
    path = table(tmp_path, (A, B, "1", "train"), (B, A.lower(), "0", "test"), (C, D, "1", "train"))
    found = {one.code: one.lines for one in report(path).findings}
    assert found == {"train_test_overlap": [3], "conflicting_label": [3], "duplicate_sequence": [3]}
    cleaned = clean(path, tmp_path / "clean.csv")
    assert [(one.rule, one.lines) for one in cleaned.rules] == [("conflicting_label", [3])]
    with (tmp_path / "clean.csv").open() as text:
        assert [row["sequence_b"] for row in csv.DictReader(text)] == [B, D]


def test_a_fault_of_the_second_sequence_is_told_by_line(tmp_path: Path) -> None:
    path = table(tmp_path, (A, B, "1", "train"), (A, f"{C}?", "0", "test"), (B, C, "1", "train"))
    with pytest.raises(DataError) as caught:
        report(path)
    assert (caught.value.code, caught.value.line) == ("illegal_residue", 3)
    assert clean(path, tmp_path / "clean.csv").kept == 2


def test_a_column_of_partners_names_is_none_of_sequences(tmp_path: Path) -> None:
    path = table(tmp_path, (A, "ACME", "1", "train"), header="sequence,partner,label,set")
    assert columns_of(path) == columns_of(path, sequence="sequence")
    assert report(path).rows == 1
    named = columns_of(path, partner="partner")
    assert named is not None
    assert named.partner == "partner"


def test_preprocessing_hands_both_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROTEINX_RUN_ID", "MLFLOW_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    rows = [(PROTEINS[at], PROTEINS[-1 - at], str(at % 2), "") for at in range(20)]
    path = table(tmp_path, *rows)
    with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
        overrides = [f"output_dir={tmp_path}/out", f"data.path={path}", "workers=1", "split=random"]
        overrides += ["preprocess.steps.cluster=null", "preprocess.steps.write.filename=data.csv"]
        preprocess(compose("preprocess", overrides))
    with (tmp_path / "out/datasets/processed/data.csv").open() as text:
        made = list(csv.DictReader(text))
    assert {(row["sequence"], row["sequence_b"]) for row in made} <= {(a, b) for a, b, _, _ in rows}
    assert {row["set"] for row in made} == {"train", "val", "test"}
