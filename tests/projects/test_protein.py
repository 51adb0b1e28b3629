"""The project as MLflow runs it, in processes of its own: train, serve, predict, stop, resume."""

import csv
import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest
from mlflow.entities import Run

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "projects/protein"
SMALL = "model.net.filters=8 model.net.hidden=16 data.region.last=56"
GB1_DOMAIN = "MQYKLILNGKTLKGETTTEAVDAATAEKVFKQYANDNGVDGEWTYDDATKTFTVTE"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("protein")


@pytest.fixture(scope="module")
def data(folder: Path) -> Path:
    """Every 12th row of the bundled example, under a name that a shell and Hydra have to be careful with."""
    with gzip.open(ROOT / "examples/gb1_flip/three_vs_rest.csv.gz", "rt") as stream:
        header, *rows = list(csv.reader(stream))
    path = folder / "GB1, 数据 (small).csv"
    with path.open("w", newline="") as target:
        csv.writer(target).writerows([header, *rows[::12]])
    return path


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[mlflow.MlflowClient]:
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    yield mlflow.MlflowClient()
    mlflow.set_tracking_uri(before)


@pytest.fixture(scope="module")
def experiment(client: mlflow.MlflowClient, folder: Path) -> str:
    return str(client.create_experiment("protein", artifact_location=(folder / "artifacts").as_uri()))


def environment(**extra: str) -> dict[str, str]:
    """This process's environment, without what would help code to be found or tie the run to another one."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONPATH" and not name.startswith(("MLFLOW_", "PROTEINX_"))
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return kept | {"PATH": path, "MLFLOW_TRACKING_URI": mlflow.get_tracking_uri(), **extra}


def mlflow_run(experiment: str, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mlflow", "run", str(PROJECT), "--env-manager", "local"]
    return subprocess.run(
        [*command, "--experiment-id", experiment, *arguments],
        env=environment(**extra),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def trained(client: mlflow.MlflowClient, experiment: str, data: Path, folder: Path) -> Run:
    overrides = f"overrides={SMALL} trainer.max_epochs=2 'hydra.run.dir={folder}/first run'"
    # Ten samples a second, so that a run of a second has some.
    done = mlflow_run(experiment, "-P", f"data={data}", "-P", overrides, MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL="0.1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("starting train.py\n")
    [run] = client.search_runs([experiment])
    return run


@pytest.fixture(scope="module")
def model_folder(client: mlflow.MlflowClient, trained: Run) -> Path:
    [output] = trained.outputs.model_outputs
    uri = client.get_logged_model(output.model_id).artifact_location
    return Path(mlflow.artifacts.download_artifacts(uri))


def test_mlflow_has_the_whole_record(client: mlflow.MlflowClient, trained: Run, folder: Path) -> None:
    assert trained.info.status == "FINISHED"
    metrics = json.loads((folder / "first run/metrics.json").read_text())
    assert {name: trained.data.metrics[name] for name in metrics} == pytest.approx(metrics)
    assert any(name.startswith("system/") for name in trained.data.metrics)
    assert len(client.get_metric_history(trained.info.run_id, "val_loss")) == 2
    assert trained.data.params["model.net.filters"] == "8"
    assert trained.data.params["seed"] == "42"
    assert len(trained.data.tags["code.sha256"]) == 64
    assert trained.data.tags["env.torch"]
    [used] = trained.inputs.dataset_inputs
    assert used.dataset.name.startswith("GB1")
    assert len(json.loads(used.dataset.source)["sha256"]) == 64
    artifacts = {item.path for item in client.list_artifacts(trained.info.run_id)}
    assert {"metrics.json", "predictions.parquet", "evaluation.json", "model_card.md", "figures"} <= artifacts
    assert {"config.yaml", "environment.json"} <= artifacts
    assert trained.data.tags["leakage.level"] == "variants of one parent"


def test_the_model_loads_where_there_is_no_checkout(model_folder: Path, tmp_path: Path) -> None:
    script = f"""
import json, sys
import mlflow, pandas as pd
model = mlflow.pyfunc.load_model({str(model_folder)!r})
sequences = [{GB1_DOMAIN!r}, {GB1_DOMAIN[:-1] + "K"!r}]
results = [model.predict(given)["prediction"].tolist() for given in (
    sequences, pd.DataFrame({{"sequence": sequences}}), pd.Series(sequences, name="sequence"))]
import proteinlab
heavy = [name for name in ("pytorch_lightning", "cloudpickle") if name in sys.modules]
print(json.dumps([results, proteinlab.__file__, heavy]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results, code, heavy = json.loads(done.stdout.splitlines()[-1])
    assert results[0] == results[1] == results[2]
    assert len(results[0]) == 2
    assert Path(code).is_relative_to(model_folder)
    assert "pytorch_lightning" not in heavy


def test_a_model_file_holds_no_pickle(model_folder: Path) -> None:
    kinds = {path.suffix for path in model_folder.rglob("*") if path.is_file()}
    assert not kinds & {".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".joblib"}
    assert ".safetensors" in kinds


def test_predict_is_an_entry_point(
    client: mlflow.MlflowClient, experiment: str, model_folder: Path, tmp_path: Path
) -> None:
    fasta = tmp_path / "新 序列.fasta"
    fasta.write_text(f">wild type\n{GB1_DOMAIN}\n>mutant\n{GB1_DOMAIN[:38]}C{GB1_DOMAIN[39:]}\n")
    out = tmp_path / "out"
    done = mlflow_run(
        experiment,
        "-e",
        "predict",
        "-P",
        f"data={fasta}",
        "-P",
        f"model={model_folder}",
        PROTEINX_OUTPUT_DIR=str(out),
    )
    assert done.returncode == 0, done.stderr
    with (out / "predictions.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0]["sequence"] == GB1_DOMAIN
    assert all(0.9 < float(row["nearest_training_identity"]) <= 1.0 for row in rows)
    served = mlflow.pyfunc.load_model(str(model_folder)).predict([row["sequence"] for row in rows])
    assert [float(row["prediction"]) for row in rows] == pytest.approx(served["prediction"].tolist(), rel=1e-5)


def test_a_users_error_is_one_line_and_exit_code_2(data: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "train.py",
            f"data.path={data}",
            "data.columns.target=fitness",
            f"hydra.run.dir={tmp_path}",
        ],
        cwd=PROJECT,
        env=environment(PYTHONPATH=str(ROOT / "src")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: missing_column: ")
    assert done.stderr.count("\n") == 1


def test_a_stopped_job_resumes_in_the_same_run(
    client: mlflow.MlflowClient, experiment: str, data: Path, tmp_path: Path
) -> None:
    """The platform's contract: its run, its folders, its parameters; SIGTERM, then another attempt."""
    run_id = client.create_run(experiment).info.run_id
    platform = environment(
        PYTHONPATH=str(ROOT / "src"),
        PROTEINX_RUN_ID=run_id,
        MLFLOW_RUN_ID=run_id,
        PROTEINX_PARAMS_LOGGED="1",
        PROTEINX_OUTPUT_DIR=str(tmp_path / "out"),
    )
    command = [
        sys.executable,
        "train.py",
        f"data.path={data}",
        f"overrides={SMALL} trainer.log_every_n_steps=1",
    ]
    first = subprocess.Popen(
        [*command, "trainer.max_epochs=350", "callbacks.early_stopping=null"],
        cwd=PROJECT,
        env=platform | {"PROTEINX_CHECKPOINT_DIR": str(tmp_path / "first")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    epoch = next(line for line in first.stdout if line.startswith("epoch 3/"))
    first.send_signal(signal.SIGTERM)
    _, errors = first.communicate(timeout=300)
    assert first.returncode == 143, (epoch, errors)
    newest = json.loads(sorted((tmp_path / "first").glob("*.manifest.json"))[-1].read_text())
    assert all((tmp_path / "first" / name).is_file() for name in newest["files"])

    second = subprocess.run(
        [*command, f"trainer.max_epochs={newest['epoch'] + 3}"],
        cwd=PROJECT,
        env=platform
        | {
            "PROTEINX_RESUME_DIR": str(tmp_path / "first"),
            "PROTEINX_CHECKPOINT_DIR": str(tmp_path / "second"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 0, second.stderr
    assert f"resuming from step-{newest['step']:09d}.ckpt" in second.stdout
    run = client.get_run(run_id)
    assert run.data.params == {}, "the platform has written them"
    steps = [metric.step for metric in client.get_metric_history(run_id, "train_loss")]
    assert steps == list(range(1, steps[-1] + 1)), "one curve, no step twice"
    assert steps[-1] > newest["step"]
    assert {item.path for item in client.list_artifacts(run_id)} == {"environment.json"}
    assert (tmp_path / "out/metrics.json").is_file()
