"""Models of residues and pairs as MLflow serves them and as `predict` reads them."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from proteinlab.training import predict, train
from proteinlab.training.errors import UserError
from proteinlab.training.prediction import bundle_folder
from proteinlab.training.predictor import Predictor
from proteinlab.training.serving import plain, predicted

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]

ROOT = Path(__file__).parents[3]
SMALL = ["model.net.filters=8", "model.net.hidden=16", "trainer.max_epochs=2", "track=true"]


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """MLflow on a file."""
    folder = tmp_path_factory.mktemp("mlflow")
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    yield folder
    mlflow.set_tracking_uri(before)


@pytest.fixture
def model_folder(tracking: Path, tmp_path: Path) -> Callable[[DictConfig], Path]:
    """Trains and gives the folder of the logged model."""
    mlflow.create_experiment(tmp_path.name, artifact_location=(tmp_path / "artifacts").as_uri())
    mlflow.set_experiment(tmp_path.name)

    def trained(cfg: DictConfig) -> Path:
        train(cfg)
        [described] = (tmp_path / "artifacts").rglob("MLmodel")
        return described.parent

    return trained


def prediction(tmp_path: Path, data: Path, model: Path, *overrides: str) -> list[dict[str, str]]:
    places = [f"data.path={data}", f"model.path={model}", f"output_dir={tmp_path}/predicted"]
    with initialize_config_dir(str(ROOT / "configs"), version_base="1.3"):
        path = predict(compose("predict", [*places, *overrides]))
    with path.open() as stream:
        return list(csv.DictReader(stream))


def on_demand(model: Path, *sequences: dict[str, str]) -> list[dict[str, str]]:
    """What a request is answered with, as a table would have it."""
    columns = plain(predicted(Predictor.load(bundle_folder(model)), sequences))
    sent: dict[str, list[Any]] = json.loads(json.dumps(columns, allow_nan=False))
    cells = [["nan" if value is None else str(value) for value in values] for values in sent.values()]
    return [dict(zip(sent, row, strict=True)) for row in zip(*cells, strict=True)]


def test_residues_have_a_row_each(
    configured: Compose, gb1_rows: Rows, tmp_path: Path, model_folder: Callable[[DictConfig], Path], write_csv: WriteCsv
) -> None:
    helix = [
        {"sequence": row["sequence"], "label": "".join("EH"[letter in "AEKLQ"] for letter in row["sequence"])}
        for row in gb1_rows[::10]
    ]
    data = write_csv(helix)
    folder = model_folder(configured(f"data.path={data}", "task=residue_classification", "data.region.first=4", *SMALL))
    table = mlflow.pyfunc.load_model(str(folder)).predict(["ACDEFGH", "KLMNPQRST"])
    assert list(table) == [
        "sequence",
        "position",
        "residue",
        "prediction",
        "uncertainty",
        "probability_E",
        "probability_H",
    ]
    assert table["sequence"].tolist() == [1] * 4 + [2] * 6
    assert table["position"].tolist() == [*range(4, 8), *range(4, 10)]
    assert "".join(table["residue"]) == "EFGH" + "NPQRST"

    fasta = tmp_path / "new.fasta"
    fasta.write_text(">one\nACDEFGH\n>two\nKLMNPQRST\n")
    rows = prediction(tmp_path, fasta, folder)
    known = ["id", "position", "residue", "prediction", "uncertainty", "nearest_training_identity"]
    assert list(rows[0]) == [*known, "probability_E", "probability_H"]
    assert [row["id"] for row in rows] == ["one"] * 4 + ["two"] * 6
    np.testing.assert_allclose([float(row["probability_H"]) for row in rows], table["probability_H"], rtol=1e-5)
    assert on_demand(folder, {"id": "one", "sequence": "ACDEFGH"}, {"id": "two", "sequence": "KLMNPQRST"}) == rows


def test_pairs_are_a_table_of_two_columns(
    configured: Compose, gb1_rows: Rows, tmp_path: Path, model_folder: Callable[[DictConfig], Path], write_csv: WriteCsv
) -> None:
    pairs = [
        {"left": row["sequence"][:20], "right": row["sequence"][20:], "label": row["target"]} for row in gb1_rows[::10]
    ]
    columns = ["data.columns.sequence=left", "data.columns.partner=right"]
    data = write_csv(pairs)
    folder = model_folder(configured(f"data.path={data}", "task=pair_regression", *columns, *SMALL))
    given = pd.DataFrame({"sequence": ["ACDEF", "KLM"], "partner": ["MNPQ", "ST"]})
    table = mlflow.pyfunc.load_model(str(folder)).predict(given)
    assert table["prediction"].nunique() == 2

    new = tmp_path / "new.csv"
    new.write_text("name,a,b\np1,ACDEF,MNPQ\np2,KLM,ST\n")
    named = ["data.columns.sequence=a", "data.columns.id=name"]
    rows = prediction(tmp_path, new, folder, *named, "data.columns.partner=b")
    assert [(row["id"], row["sequence"], row["partner"]) for row in rows] == [
        ("p1", "ACDEF", "MNPQ"),
        ("p2", "KLM", "ST"),
    ]
    np.testing.assert_allclose([float(row["prediction"]) for row in rows], table["prediction"], rtol=1e-5)
    first = {"id": "p1", "sequence": "ACDEF", "partner": "MNPQ"}
    assert on_demand(folder, first, {"id": "p2", "sequence": "KLM", "partner": "ST"}) == rows
    for refused in (
        lambda: prediction(tmp_path, new, folder, *named),
        lambda: on_demand(folder, first, {"id": "p2", "sequence": "KLM"}),
    ):
        with pytest.raises(UserError) as caught:
            refused()
        assert caught.value.code == "no_partner"


def test_what_a_model_is_built_from_stands_in_one_readable_file(
    configured: Compose, gb1_rows: Rows, model_folder: Callable[[DictConfig], Path], write_csv: WriteCsv
) -> None:
    folder = model_folder(configured(f"data.path={write_csv(gb1_rows[::10])}", "model=ridge_composition", "track=true"))
    [described] = folder.rglob("model.json")
    description = json.loads(described.read_text())
    assert description["task"]["level"] == "sequence"
    assert description["net"]["features"]["_target_"].endswith("Composition")
    before = mlflow.pyfunc.load_model(str(folder)).predict(["ACDEFGHIKL"])
    assert np.isfinite(before["prediction"]).all()
