"""What a run leaves behind, on real data."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from proteinlab.biodata.errors import DataError
from proteinlab.predictions.reading import read_predictions
from proteinlab.training import train
from tests.proteinlab.training.evaluation.conftest import DATA, configured


def report(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "evaluation.json").read_text())
    return content


def test_each_score_has_an_interval_around_it(gb1_run: Path) -> None:
    metrics = json.loads((gb1_run / "metrics.json").read_text())
    scores = report(gb1_run)["test"]
    assert set(scores) == {"spearman", "pearson", "r2", "mse", "mae"}
    for name, score in scores.items():
        assert score["low"] < score["value"] < score["high"]
        assert metrics[f"test_{name}"] == score["value"]
        assert (metrics[f"test_{name}_low"], metrics[f"test_{name}_high"]) == (score["low"], score["high"])
    drawn = report(gb1_run)["intervals"]
    assert (drawn["unit"], drawn["units"], drawn["replicates"]) == ("sequence", 478, 2000)


def test_baselines_stand_beside_and_a_real_model_beats_them(gb1_run: Path) -> None:
    baselines = report(gb1_run)["baselines"]
    spearman = {name: one["test"]["spearman"]["value"] for name, one in baselines.items()}
    assert set(spearman) == {"mean", "composition", "nearest"}
    assert spearman["mean"] == 0.0
    assert all(value < report(gb1_run)["test"]["spearman"]["value"] for value in spearman.values())
    assert spearman["composition"] > 0.2, "fitness follows composition a little"
    metrics = json.loads((gb1_run / "metrics.json").read_text())
    assert metrics["baseline_nearest_test_spearman"] == spearman["nearest"]


def test_variants_of_one_parent_are_called_so(gb1_run: Path) -> None:
    found = report(gb1_run)
    assert found["leakage"]["level"] == "variants of one parent"
    assert found["by_identity"][0]["label"].endswith("differ") or found["by_identity"][0]["label"].endswith("differs")
    assert sum(one["rows"] for one in found["by_identity"]) == found["rows"]["test"]


def test_predictions_are_kept_with_all_that_re_analysis_needs(gb1_run: Path) -> None:
    kept = read_predictions(gb1_run)
    assert (kept.kind, kept.level, kept.classes) == ("regression", "sequence", [])
    columns = ["id", "target", "prediction", "uncertainty", "split", "nearest_training_identity"]
    assert list(kept.table) == columns
    by_split = kept.table.groupby("split")
    assert by_split.size().to_dict() == report(gb1_run)["rows"]
    identity = by_split["nearest_training_identity"]
    assert identity.count().to_dict()["train"] == 0
    assert identity.min()["test"] > 0.9
    width = kept.table["uncertainty"]
    assert width.nunique() == 1
    inside = (kept.table["target"] - kept.table["prediction"]).abs() <= width
    assert inside[kept.table["split"] == "val"].mean() >= 0.9
    covered = json.loads((gb1_run / "metrics.json").read_text())["test_coverage_90"]
    assert inside[kept.table["split"] == "test"].mean() == pytest.approx(covered)


def test_figures_are_pictures(gb1_run: Path, peptide_run: Path) -> None:
    drawn = {path.stem for path in (gb1_run / "figures").glob("*.png")}
    assert drawn == {"parity", "residual_by_distance", "baselines", "by_identity"}
    drawn = {path.stem for path in (peptide_run / "figures").glob("*.png")}
    assert {"roc_pr", "confusion", "reliability", "baselines"} <= drawn
    for path in (peptide_run / "figures").glob("*.png"):
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("L"))
        assert pixels.shape[0] > 200
        assert pixels.std() > 5, "not a blank page"


def test_a_classifier_is_calibrated_on_validation_rows(peptide_run: Path) -> None:
    found = report(peptide_run)
    assert {"accuracy", "mcc", "auroc", "auprc", "brier", "ece", "cross_entropy", "f1_macro"} == set(found["test"])
    assert found["calibration"]["temperature"] == 1.0, "a dozen validation rows are too few to learn it from"
    kept = read_predictions(peptide_run).table
    likeliest = kept[["probability_0", "probability_1"]].max(axis=1)
    assert (1 - likeliest).to_numpy() == pytest.approx(kept["uncertainty"].to_numpy())


def test_the_model_card_tells_the_whole_story(gb1_run: Path, gb1: Path) -> None:
    card = (gb1_run / "model_card.md").read_text()
    found = report(gb1_run)
    spearman = found["test"]["spearman"]
    for expected in (
        f"| spearman | {spearman['value']:.3f} | {spearman['low']:.3f} to {spearman['high']:.3f} | 0.000 |",
        f"`{gb1.name}`, sha256 `",
        "residues 1 to 56",
        "variants of one parent",
        "model.net.alpha: 1.0",
        "mlflow.pyfunc.load_model",
    ):
        assert expected in card


def test_residues_are_resampled_by_chain_and_judged_beside_a_window(tmp_path: Path) -> None:
    """Secondary structure, with masks; every third chain of the excerpt is tested."""
    with (DATA / "secondary_structure.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    for row in rows[::3]:
        row |= {"set": "test", "validation": ""}
    with (tmp_path / "chains.csv").open("w", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    train(
        configured(
            "train",
            tmp_path,
            f"data.path={tmp_path / 'chains.csv'}",
            "task=residue_classification",
            "model.net.filters=8",
            "model.net.hidden=16",
            "trainer.max_epochs=2",
            "evaluation.replicates=200",
        )
    )
    found = report(tmp_path)
    assert set(found["baselines"]) == {"mean", "window"}
    assert found["intervals"]["units"] == 4
    assert found["rows"]["test"] > 200
    kept = read_predictions(tmp_path)
    assert kept.level == "residue"
    assert kept.table["position"].min() >= 1
    assert not kept.table.duplicated(["id", "position"]).any()


def test_a_leaky_split_is_refused_before_training(tmp_path: Path) -> None:
    """Of the peptides, drawn at random, some test ones are close to training ones."""
    data = f"data.path={DATA / 'amp_modlamp/anticancer.csv'}"
    with pytest.raises(DataError) as refused:
        train(configured("train", tmp_path, data, "task=classification", "data.leakage.refuse_above=0.7"))
    assert refused.value.code == "leaky_split"
    assert not (tmp_path / "metrics.json").exists()


def test_variants_are_not_refused_for_being_variants(tmp_path: Path, gb1: Path) -> None:
    allowed = configured("train", tmp_path, f"data.path={gb1}", "model=ridge", "data.leakage.refuse_above=0.5")
    assert train(allowed)["test_spearman"] > 0.3


def test_passes_with_dropout_make_the_uncertainty_a_row_s_own(tmp_path: Path, gb1: Path) -> None:
    net = ["model.net.filters=8", "model.net.hidden=32", "model.net.dropout=0.3", "model.optimizer.lr=0.01"]
    asked = ["evaluation.dropout_passes=5", "evaluation.replicates=200", "evaluation.figures=false"]
    fixed = [f"data.path={gb1}", "data.region.trim=true", "trainer.max_epochs=5"]
    train(configured("train", tmp_path, *fixed, *net, *asked))
    kept = read_predictions(tmp_path).table
    assert kept["uncertainty"].nunique() > 100
    assert report(tmp_path)["calibration"]["dropout_passes"] == 5
    known = kept[kept["split"] == "val"]
    assert ((known["target"] - known["prediction"]).abs() <= known["uncertainty"]).mean() >= 0.9
