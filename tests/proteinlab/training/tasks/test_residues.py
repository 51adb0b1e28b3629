"""Tasks of residues, on real data: masks, labels of the right length, what is scored and written."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from omegaconf import DictConfig

from proteinlab.predictions.reading import read_predictions
from proteinlab.training import train
from proteinlab.training.building import build
from proteinlab.training.errors import UserError
from proteinlab.training.regions import Region
from proteinlab.training.rows import ResidueLabels, residue_rows
from proteinlab.training.samples import Samples

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]

DATA = Path(__file__).parents[3] / "data"
SMALL = ["model.net.filters=16", "model.net.hidden=16", "data.batch_size=4", "model.optimizer.lr=0.01"]


def real(name: str) -> Rows:
    with (DATA / name).open() as stream:
        return list(csv.DictReader(stream))


def split_anew(rows: Rows) -> Rows:
    """An excerpt has too few rows for the published sets."""
    sets = ["test", "val", "test", "val"] if len(rows) > 5 else ["test", "val"]
    cut = [row | {"set": "train"} for row in rows]
    for row, name in zip(cut, sets, strict=False):
        row["set"] = name
    return [{key: value for key, value in row.items() if key != "validation"} for row in cut]


@pytest.fixture
def structures() -> Rows:
    return split_anew(real("secondary_structure.csv"))


def test_only_residues_that_the_mask_counts_are_scored(
    configured: Compose, write_csv: WriteCsv, structures: Rows, tmp_path: Path
) -> None:
    metrics = train(
        configured(f"data.path={write_csv(structures)}", "task=residue_classification", "trainer.max_epochs=3", *SMALL)
    )
    table = read_predictions(tmp_path / "out").table
    counted = [
        (row["id"], position, label)
        for row in structures
        for position, (label, mask) in enumerate(zip(row["label"], row["mask"], strict=True), start=1)
        if mask == "1"
    ]
    assert list(table[["id", "position", "target"]].itertuples(index=False, name=None)) == counted
    tested = table[table["split"] == "test"]
    assert metrics["test_accuracy"] == pytest.approx((tested["target"] == tested["prediction"]).mean())
    assert 0 < metrics["test_accuracy"] < 1


def test_learns_what_each_residue_is(configured: Compose, write_csv: WriteCsv, structures: Rows) -> None:
    """Labels that a residue's letter decides: anything but a shifted place learns them at once."""
    charged = "".maketrans(dict.fromkeys("KRDE", "1") | dict.fromkeys("ACFGHILMNPQSTVWXY", "0"))
    rows = [row | {"label": row["sequence"].translate(charged)} for row in structures]
    metrics = train(
        configured(
            f"data.path={write_csv(rows)}",
            "task=residue_classification",
            "trainer.max_epochs=40",
            "data.region.first=3",
            *SMALL,
        )
    )
    assert metrics["test_accuracy"] > 0.99


def test_numbers_of_residues(configured: Compose, write_csv: WriteCsv, tmp_path: Path) -> None:
    rows = split_anew([row | {"label": ";".join(row["label"])} for row in real("conservation.csv")])
    metrics = train(
        configured(
            f"data.path={write_csv(rows)}",
            "task=residue_regression",
            "trainer.max_epochs=2",
            "data.max_length=2000",
            *SMALL,
        )
    )
    assert metrics["test_mse"] > 0
    assert len(read_predictions(tmp_path / "out").table) == sum(len(row["sequence"]) for row in rows)


def test_headers_of_fasta_have_labels_and_masks(configured: Compose, structures: Rows, tmp_path: Path) -> None:
    path = tmp_path / "data.fasta"
    path.write_text(
        "".join(
            f">{row['id']} TARGET={row['label']} SET={row['set']} MASK={row['mask']}\n{row['sequence']}\n"
            for row in structures
        )
    )
    samples: Samples = build(configured(f"data.path={path}").data)
    rows = samples.rows("residue", "val")
    second, fourth = structures[1], structures[3]
    assert len(rows) == (second["mask"] + fourth["mask"]).count("1")
    assert rows.position is not None
    letters = [second["label"][p - 1] for p in rows.position[rows.sample == 0]]
    assert letters == rows.words[rows.sample == 0].tolist()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"label": "HHH"}, "label_length"),
        ({"label": "H;E;C"}, "label_length"),
        ({"mask": "101"}, "mask_length"),
        ({"mask": None}, "bad_mask"),
    ],
)
def test_labels_and_masks_have_a_sign_for_each_residue(
    change: dict[str, str | None], code: str, configured: Compose, write_csv: WriteCsv, structures: Rows
) -> None:
    length = len(structures[4]["sequence"])
    structures[4] |= {name: value or "2" * length for name, value in change.items()}
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={write_csv(structures)}", "task=residue_classification"))
    assert (caught.value.code, caught.value.line) == (code, 6)


def test_a_label_that_is_no_number_is_named_by_its_line(
    configured: Compose, write_csv: WriteCsv, structures: Rows
) -> None:
    for row in structures:
        row["label"] = ";".join("0.5" for _ in row["sequence"])
        row["mask"] = "1" * len(row["sequence"])
    structures[5]["label"] = structures[5]["label"].replace("0.5", "nan", 1)
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={write_csv(structures)}", "task=residue_regression"))
    assert (caught.value.code, caught.value.line) == ("bad_target", 7)


def test_a_sequence_that_counts_nowhere_is_left_out_of_training(
    configured: Compose, write_csv: WriteCsv, structures: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    structures[4]["mask"] = "0" * len(structures[4]["sequence"])
    data = f"data.path={write_csv(structures)}"
    metrics = train(configured(data, "task=residue_classification", "trainer.max_epochs=1", *SMALL))
    assert "left out of training: 1 sequence" in capsys.readouterr().out
    assert np.isfinite(metrics["test_cross_entropy"])


def test_the_region_cuts_labels_and_keeps_the_numbers_of_residues() -> None:
    labels = [ResidueLabels("a", 5, "HECHE", "11011", 2), ResidueLabels("b", 2, "CC", None, 3)]
    rows = residue_rows(labels, Region(2, 4))
    assert rows.words.tolist() == ["E", "H", "C"]
    assert rows.sample.tolist() == [0, 0, 1]
    assert rows.position is not None
    assert rows.position.tolist() == [2, 4, 2]
    assert rows.lines.tolist() == [2, 2, 3]


def test_words_of_several_letters_stand_between_semicolons() -> None:
    [rows] = [residue_rows([ResidueLabels("a", 3, "10; 2 ;3", None, 2)], Region())]
    assert rows.words.tolist() == ["10", "2", "3"]


def test_nothing_counts() -> None:
    with pytest.raises(UserError) as caught:
        residue_rows([ResidueLabels("a", 3, "HHH", "000", 2)], Region())
    assert caught.value.code == "empty_mask"
