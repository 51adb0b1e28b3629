"""Several seeds as one run."""

import json
from collections.abc import Callable
from pathlib import Path

import mlflow
import numpy as np
import pytest
from omegaconf import DictConfig

from proteinlab.predictions.reading import read_predictions
from proteinlab.training import train
from proteinlab.training.errors import UserError

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]

SMALL = ["model.net.filters=8", "model.net.hidden=16", "model.optimizer.lr=0.01", "trainer.max_epochs=2"]


def test_seeds_make_one_run_with_mean_and_spread(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows, tmp_path: Path
) -> None:
    data = f"data.path={write_csv(gb1_rows)}"
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    experiment = mlflow.create_experiment("e", artifact_location=(tmp_path / "artifacts").as_uri())
    mlflow.set_experiment(experiment_id=experiment)
    metrics = train(configured(data, "seeds=[1,2]", "track=true", *SMALL))
    run = mlflow.last_active_run()
    [model] = mlflow.search_logged_models(output_format="list")
    mlflow.set_tracking_uri(before)

    each = [json.loads((tmp_path / f"out/seeds/{seed}/metrics.json").read_text()) for seed in (1, 2)]
    values = [one["test_spearman"] for one in each]
    assert len(set(values)) == 2
    assert metrics["test_spearman"] == pytest.approx(np.mean(values))
    assert metrics["test_spearman_sd"] == pytest.approx(np.std(values, ddof=1))
    assert metrics["test_spearman_low"] < metrics["test_spearman"] < metrics["test_spearman_high"]
    assert json.loads((tmp_path / "out/seeds.json").read_text())["test"]["spearman"]["each"] == values

    assert run is not None
    assert run.data.metrics["test_spearman"] == pytest.approx(metrics["test_spearman"])
    assert run.data.metrics["seed_2/test_spearman"] == pytest.approx(values[1])
    assert run.data.metrics["seed_2/val_loss"] > 0, "its curve"
    best = max((1, 2), key=lambda seed: each[seed - 1]["best_val_spearman"])
    assert run.data.tags["seeds.model_of"] == str(best)
    folder = mlflow.artifacts.download_artifacts(model.artifact_location)
    kept = read_predictions(tmp_path / f"out/seeds/{best}").table
    said = mlflow.pyfunc.load_model(folder).predict([row["sequence"] for row in gb1_rows])
    assert said["prediction"].tolist() == pytest.approx(kept["prediction"].tolist(), rel=1e-4)
    assert not list((tmp_path / "out").rglob("*.ckpt")), "checkpoints are no results"


@pytest.mark.parametrize("seeds", ["[1]", "[1,1]", "[a,b]", "[-1,2]"])
def test_seeds_that_make_no_sense(seeds: str, configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    with pytest.raises(UserError) as refused:
        train(configured(f"data.path={write_csv(gb1_rows)}", f"seeds={seeds}", *SMALL))
    assert refused.value.code == "bad_seeds"
