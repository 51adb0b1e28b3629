"""Real data sets are clean; with one fault planted, the report finds that one, on its line, and nothing else."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from proteinlab.biodata.quality import report
from proteinlab.biodata.readers import read_records

DATA = Path(__file__).parents[2] / "data"
Rows = list[dict[str, str]]


def rows_of(name: str) -> Rows:
    with (DATA / name).open(newline="") as text:
        return list(csv.DictReader(text))


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def first(rows: Rows, **wanted: str) -> int:
    return next(at for at, row in enumerate(rows) if all(row[key] == value for key, value in wanted.items()))


def sentinel(rows: Rows) -> list[int]:
    rows[3]["target"] = rows[7]["target"] = "999.0"
    return [5, 9]


def outlier(rows: Rows) -> list[int]:
    rows[3]["target"] = "-431.7"
    return [5]


def word_for_a_number(rows: Rows) -> list[int]:
    rows[6]["target"] = "n.d."
    return [8]


def no_label(rows: Rows) -> list[int]:
    rows[6]["target"] = "NaN"
    return [8]


def one_number_for_all(rows: Rows) -> list[int]:
    for row in rows:
        row["target"] = "1.5"
    return []


def training_row_in_the_test(rows: Rows) -> list[int]:
    at = first(rows, set="test")
    source = rows[first(rows, set="train")]
    rows[at] |= {"sequence": source["sequence"], "target": source["target"]}
    return [at + 2]


def validation_row_in_training(rows: Rows) -> list[int]:
    at = first(rows, validation="True")
    source = rows[first(rows, set="train", validation="False")]
    rows[at] |= {"sequence": source["sequence"].lower(), "target": source["target"]}
    return [at + 2]


def no_test(rows: Rows) -> list[int]:
    for row in rows:
        row["set"] = "train"
    return []


def selenocysteine(rows: Rows) -> list[int]:
    rows[2]["sequence"] = f"{rows[2]['sequence']}U"
    return [4]


GB1: list[tuple[Callable[[Rows], list[int]], set[str]]] = [
    (sentinel, {"sentinel_label"}),
    (outlier, {"outlier_label"}),
    (word_for_a_number, {"target_not_a_number"}),
    (no_label, {"target_missing"}),
    (one_number_for_all, {"constant_target"}),
    (training_row_in_the_test, {"train_test_overlap", "duplicate_sequence"}),
    (validation_row_in_training, {"train_validation_overlap", "duplicate_sequence"}),
    (no_test, {"no_test_rows"}),
    (selenocysteine, {"non_standard_residue"}),
]


@pytest.mark.parametrize(("plant", "codes"), GB1, ids=[plant.__name__ for plant, _ in GB1])
def test_in_gb1(tmp_path: Path, plant: Callable[[Rows], list[int]], codes: set[str]) -> None:
    rows = rows_of("gb1_three_vs_rest.csv")
    lines = plant(rows)
    findings = report(write(tmp_path / "planted.csv", rows)).findings
    assert {one.code for one in findings} == codes
    assert all(one.lines == lines for one in findings)


def peptides() -> Rows:
    rows = rows_of("acp.csv")
    return [{**row, "set": "test" if at % 4 == 0 else "train"} for at, row in enumerate(rows)]


def test_a_class_of_the_test_that_training_never_shows(tmp_path: Path) -> None:
    rows = peptides()
    tested = next(at for at, row in enumerate(rows) if row["set"] == "test")
    rows[tested]["label"] = "7"
    (found,) = report(write(tmp_path / "planted.csv", rows)).findings
    assert (found.code, found.count) == ("unseen_class", 1)
    assert "'7' 1" in found.detail


def test_one_class_only(tmp_path: Path) -> None:
    rows = [row for row in peptides() if row["label"] == "1"]
    (found,) = report(write(tmp_path / "planted.csv", rows)).findings
    assert (found.code, found.severity) == ("single_class", "error")


def test_labels_and_masks_shorter_than_their_sequence(tmp_path: Path) -> None:
    rows = rows_of("secondary_structure.csv")
    rows[1]["label"] = rows[1]["label"][:-1]
    masked = next(at for at, row in enumerate(rows) if row["mask"])
    rows[masked]["mask"] = rows[masked]["mask"][:-1]
    found = {one.code: one.lines for one in report(write(tmp_path / "planted.csv", rows)).findings}
    assert found["label_length"] == [3]
    assert found["mask_length"] == [masked + 2]


def test_dna_given_as_protein() -> None:
    (found,) = report(DATA / "muscle.a2m.gz").findings
    assert (found.code, found.severity, found.lines) == ("dna_sequence", "error", [1, 9, 17])


def test_numbers_of_variants_that_are_shifted_by_one(tmp_path: Path) -> None:
    rows = rows_of("pab1.csv")
    whole = report(DATA / "pab1.csv")
    assert [one.code for one in whole.findings] == ["stop_codon"]
    for row in rows[30:]:
        row["variant"] = ",".join(f"{one[0]}{int(one[1:-1]) + 1}{one[-1]}" for one in row["variant"].split(","))
    found = {one.code: one for one in report(write(tmp_path / "planted.csv", rows)).findings}
    assert found["wild_type_contradiction"].severity == "error"
    assert min(found["wild_type_contradiction"].lines) >= 32


def test_headers_as_biotrainer_writes_them_say_what_the_table_says(tmp_path: Path) -> None:
    """FLIP's tables and biotrainer's FASTA files are two forms of the same data."""
    records = list(read_records(DATA / "secondary_structure.csv"))
    path = tmp_path / "biotrainer.fasta"
    with path.open("w") as out:
        for row, record in zip(rows_of("secondary_structure.csv"), records, strict=True):
            attributes = f"TARGET={record.target} SET={row['set']} VALIDATION={row['validation'] or 'False'}"
            mask = f" MASK={record.mask}" if record.mask else ""
            out.write(f">{record.id} {attributes}{mask}\n{record.sequence}\n")
    read = list(read_records(path))
    assert [(one.id, one.sequence, one.target, one.set, one.mask) for one in read] == [
        (one.id, one.sequence, one.target, one.set, one.mask) for one in records
    ]
    table, fasta = report(DATA / "secondary_structure.csv"), report(path)
    assert (fasta.labels, fasta.sets, fasta.residues) == (table.labels, table.sets, table.residues)
