"""A protein language model through the project: embeddings as an entry point, and a tuned one served from MLflow."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import mlflow
import numpy as np
import pytest

from tests.proteinlab.training.language_models import save_tiny_esm

ROOT = Path(__file__).parents[2]
PEPTIDES = ROOT / "tests/data/amp_modlamp/anticancer.csv"


@pytest.fixture
def backbone(tmp_path: Path) -> Path:
    return save_tiny_esm(tmp_path / "tiny esm")


def environment(tmp_path: Path, **extra: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONPATH" and not name.startswith(("MLFLOW_", "PROTEINX_"))
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow.db", "HF_HUB_OFFLINE": "1"}
    return (
        kept
        | own
        | {"PROTEINX_CACHE_DIR": str(tmp_path / "cache"), "PROTEINX_OUTPUT_DIR": str(tmp_path / "out")}
        | extra
    )


def run(command: list[str], cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done


def test_embed_is_an_entry_point(tmp_path: Path, backbone: Path) -> None:
    overrides = f"overrides='model.backbone={backbone}' kind=residues"
    command = [sys.executable, "-m", "mlflow", "run", str(ROOT / "projects/protein"), "--env-manager", "local"]
    done = run([*command, "-e", "embed", "-P", f"data={PEPTIDES}", "-P", overrides], tmp_path, environment(tmp_path))
    assert done.stdout.startswith("starting embed.py\n")
    with PEPTIDES.open() as stream:
        residues = sum(len(row["sequence"]) for row in csv.DictReader(stream))
    assert np.load(tmp_path / "out/embeddings.npy").shape == (residues, 16)


def test_a_tuned_model_is_served_where_its_language_model_is_not(tmp_path: Path, backbone: Path) -> None:
    artifacts = tmp_path / "artifacts"
    mlflow.MlflowClient(f"sqlite:///{tmp_path}/mlflow.db").create_experiment(
        "tuned", artifact_location=artifacts.as_uri()
    )
    small = ["trainer.max_epochs=1", "data.batch_size=64", "model=lora", f"'model.net.backbone={backbone}'"]
    train = [sys.executable, "train.py", f"data.path={PEPTIDES}", "overrides=task=binary " + " ".join(small)]
    run(
        train,
        ROOT / "projects/protein",
        environment(tmp_path, PYTHONPATH=str(ROOT / "src"), MLFLOW_EXPERIMENT_NAME="tuned"),
    )
    shutil.rmtree(backbone)
    [described] = artifacts.rglob("MLmodel")
    assert {"peft", "transformers"} <= {
        line.split("==")[0] for line in (described.parent / "requirements.txt").read_text().splitlines()
    }
    script = f"""
import json, mlflow
table = mlflow.pyfunc.load_model({str(described.parent)!r}).predict(["AAKKWAKAKWAKAAKKWA", "GLFDIV"])
print(json.dumps(table["probability_1"].tolist()))
"""
    (tmp_path / "elsewhere").mkdir()
    served = run([sys.executable, "-c", script], tmp_path / "elsewhere", environment(tmp_path))
    probabilities = json.loads(served.stdout.splitlines()[-1])
    assert all(0 < value < 1 for value in probabilities)
    assert probabilities[0] != probabilities[1]
