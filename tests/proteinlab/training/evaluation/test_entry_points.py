"""Evaluating a saved model on data, and comparing two runs."""

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import mlflow
import pytest

from proteinlab.predictions.reading import read_predictions
from proteinlab.training import compare, evaluate, predict, train
from proteinlab.training.errors import UserError
from tests.proteinlab.training.evaluation.conftest import configured

Run = tuple[Path, Path]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, gb1: Path) -> Iterator[Run]:
    """A model in MLflow, and the results of its training."""
    folder = tmp_path_factory.mktemp("saved")
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    mlflow.set_experiment(
        experiment_id=mlflow.create_experiment("e", artifact_location=(folder / "artifacts").as_uri())
    )
    tracked = ["track=true", f"data.path={gb1}", "model=ridge", "data.region.last=56"]
    train(configured("train", folder / "results", *tracked))
    mlflow.end_run()
    [model] = mlflow.search_logged_models(output_format="list")
    assert model.tags["mlflow.note.content"].startswith("# Model card")
    yield Path(mlflow.artifacts.download_artifacts(model.artifact_location)), folder / "results"
    mlflow.set_tracking_uri(before)


@pytest.fixture
def rewritten(tmp_path: Path, gb1: Path) -> Callable[[Callable[[dict[str, str]], dict[str, str] | None]], Path]:
    """The data with each row changed, or left out for None."""

    def rewrite(change: Callable[[dict[str, str]], dict[str, str] | None]) -> Path:
        with gb1.open() as stream:
            rows = [changed for row in csv.DictReader(stream) if (changed := change(row)) is not None]
        path = tmp_path / "rewritten.csv"
        with path.open("w", newline="") as target:
            writer = csv.DictWriter(target, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return rewrite


def test_on_the_same_test_rows_a_model_scores_as_it_did_in_training(saved: Run, gb1: Path, tmp_path: Path) -> None:
    bundle, results = saved
    metrics = evaluate(configured("evaluate", tmp_path, f"data.path={gb1}", f"model.path={bundle}"))
    trained = json.loads((results / "metrics.json").read_text())
    shared = {name: value for name, value in trained.items() if not name.startswith("best_val")}
    assert metrics == pytest.approx(shared)
    kept = read_predictions(tmp_path).of_split("test").table
    assert kept["uncertainty"].iloc[0] == pytest.approx(read_predictions(results).table["uncertainty"].iloc[0])


def test_new_data_without_sets_is_tested_whole(saved: Run, rewritten: Callable[..., Path], tmp_path: Path) -> None:
    """Nothing is known of the training rows, so there is neither leakage nor a baseline, until they are named."""
    bundle, _ = saved
    new = rewritten(lambda row: {"id": row["sequence"][38:54], "seq": row["sequence"], "fitness": row["target"]})
    fixed = [f"data.path={new}", f"model.path={bundle}", "evaluation.figures=false"]
    evaluate(configured("evaluate", tmp_path, *fixed))
    report = json.loads((tmp_path / "evaluation.json").read_text())
    assert report["rows"] == {"test": 728}
    assert report["leakage"] == {"level": "variants of one parent", "count": 0}
    assert report["baselines"] == {}
    evaluate(configured("evaluate", tmp_path, *fixed, f"train.path={new}"))
    report = json.loads((tmp_path / "evaluation.json").read_text())
    assert report["leakage"]["identical"] == 728
    assert report["baselines"]["nearest"]["test"]["spearman"]["value"] == 1.0


def test_predictions_come_with_their_uncertainty(saved: Run, gb1: Path, tmp_path: Path) -> None:
    bundle, results = saved
    table = predict(configured("predict", tmp_path, f"data.path={gb1}", f"model.path={bundle}"))
    with table.open() as stream:
        rows = list(csv.DictReader(stream))
    kept = read_predictions(results).table
    assert [float(row["prediction"]) for row in rows] == pytest.approx(kept["prediction"].tolist())
    assert [float(row["uncertainty"]) for row in rows] == pytest.approx(kept["uncertainty"].tolist())


def test_a_file_without_a_test_row_says_how_to_go_on(
    saved: Run, rewritten: Callable[..., Path], tmp_path: Path
) -> None:
    training = rewritten(lambda row: row if row["set"] == "train" else None)
    fixed = [f"data.path={training}", f"model.path={saved[0]}", "evaluation.figures=false"]
    with pytest.raises(UserError, match=r"data\.use_sets=false") as refused:
        evaluate(configured("evaluate", tmp_path, *fixed))
    assert refused.value.code == "empty_test_set"
    assert evaluate(configured("evaluate", tmp_path, *fixed, "data.use_sets=false"))["test_spearman"] > 0.7


def test_a_better_run_is_found_better(saved: Run, gb1: Path, tmp_path: Path) -> None:
    weak = configured("train", tmp_path / "weak", f"data.path={gb1}", "model=ridge_composition")
    train(weak)
    first, second = f"first.path={saved[1]}", f"second.path={tmp_path}/weak/predictions.parquet"
    metrics = compare(configured("compare", tmp_path / "out", first, second))
    assert 0 < metrics["difference_spearman_low"] < metrics["difference_spearman"] < metrics["difference_spearman_high"]
    assert metrics["p_value_spearman"] < 0.05
    found = json.loads((tmp_path / "out/comparison.json").read_text())["scores"]
    assert found["spearman"]["better"] == found["mse"]["better"] == "first"
    assert metrics["difference_mse"] < 0, "a smaller error"


def test_a_run_is_as_good_as_itself(saved: Run, tmp_path: Path) -> None:
    metrics = compare(configured("compare", tmp_path, f"first.path={saved[1]}", f"second.path={saved[1]}"))
    assert (metrics["difference_spearman"], metrics["p_value_spearman"]) == (0.0, 1.0)


def test_what_cannot_be_compared_is_refused(
    saved: Run, peptide_run: Path, gb1: Path, rewritten: Callable[..., Path], tmp_path: Path
) -> None:
    def refused(second: Path) -> str:
        with pytest.raises(UserError) as error:
            compare(configured("compare", tmp_path / "out", f"first.path={saved[1]}", f"second.path={second}"))
        return error.value.code

    def run_on(change: Callable[[dict[str, str]], dict[str, str] | None], name: str) -> Path:
        data = rewritten(change)
        train(configured("train", tmp_path / name, f"data.path={data}", "model=ridge", "evaluation.figures=false"))
        return tmp_path / name

    assert refused(peptide_run) == "different_tasks"
    other_labels = run_on(lambda row: row | {"target": str(float(row["target"]) + 1)}, "labels")
    assert refused(other_labels) == "different_targets"
    fewer = run_on(
        lambda row: None if row["sequence"].startswith("MQYKLILNGKTLKGETTTEAVDAATAEKVFKQYANDNGA") else row, "rows"
    )
    assert refused(fewer) == "different_rows"
    assert refused(tmp_path / "nowhere.parquet") == "no_such_file"
    broken = tmp_path / "broken.parquet"
    shutil.copy(gb1, broken)
    assert refused(broken) == "not_predictions"
