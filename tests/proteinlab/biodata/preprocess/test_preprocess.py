"""Preprocessing from its config: what comes out is a data set that training takes, and how it was made."""

import csv
import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import mlflow
import numpy as np
import pytest
from distributed import Client, LocalCluster
from hydra import compose, initialize_config_dir

from proteinlab.biodata import leakage
from proteinlab.biodata.alignment.files import read_alignment
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.preprocess import workers as workers_module
from proteinlab.biodata.preprocess.engine import preprocess
from proteinlab.biodata.preprocess.workers import Workers
from proteinlab.biodata.readers import read_records
from proteinlab.biodata.splits import split_id
from tests.waiting import until

ROOT = Path(__file__).parents[4]
DATA = ROOT / "tests/data"
CONFIGS = ROOT / "configs"


@pytest.fixture(autouse=True)
def no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROTEINX_RUN_ID", "MLFLOW_RUN_ID"):
        monkeypatch.delenv(name, raising=False)


def run(output: Path, *overrides: str) -> dict:
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        cfg = compose("preprocess", [f"output_dir={output}", "workers=1", *overrides])
    return preprocess(cfg)


def dataset(output: Path, name: str = "processed") -> list[dict[str, str]]:
    with gzip.open(output / "datasets" / name / "data.csv.gz", "rt", newline="") as text:
        return list(csv.DictReader(text))


def proteome(folder: Path) -> Path:
    """Real proteins with labels, repeats, near copies and one bad record."""
    proteins = list(read_records(DATA / "chloroplast.faa.gz"))
    rows = [
        (record.id, record.sequence, str(len(record.sequence)), "a" if at % 3 else "b")
        for at, record in enumerate(proteins)
    ]
    rows += [(f"copy{at}", record.sequence[2:], "1", "c") for at, record in enumerate(proteins[::5])]
    rows.append(("bad", "MK?T", "1", "c"))
    path = folder / "proteins, 蛋白.csv"
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([("id", "sequence", "target", "species"), *rows])
    return path


def test_split_by_cluster_does_not_leak_and_says_how_it_was_made(tmp_path: Path) -> None:
    source = proteome(tmp_path)
    run(
        tmp_path / "out", f"data.path='{source}'", "preprocess.steps.cluster.method=words", "name=chloroplast", "seed=3"
    )
    rows = dataset(tmp_path / "out", "chloroplast")
    notes = json.loads((tmp_path / "out/split.json").read_text())
    assert Counter(row["set"] for row in rows) == notes["split"]["sizes"]
    assert notes["split"]["split_id"] == split_id([row["sequence"] for row in rows], [row["set"] for row in rows])
    assert {one["rule"] for one in notes["cleaned"]["rules"]} >= {"illegal_residue"}
    assert "bad" not in {row["id"] for row in rows}
    assert len({(row["cluster"], row["set"]) for row in rows}) == len({row["cluster"] for row in rows})
    by_set = {name: [row["sequence"] for row in rows if row["set"] == name] for name in ("train", "test")}
    found = leakage.nearest_training_identity(by_set["train"], by_set["test"])
    assert found.max() < 0.3
    assert notes["leakage"]["max"] == pytest.approx(float(found.max()), abs=1e-4)
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert report["rows"] == len(rows)
    assert not {"train_test_overlap", "duplicate_sequence"} & {one["code"] for one in report["findings"]}
    assert [path.name for path in (tmp_path / "out/datasets/chloroplast").iterdir()] == ["data.csv.gz"]


def test_the_same_config_makes_the_same_bytes(tmp_path: Path) -> None:
    source = proteome(tmp_path)
    for name in ("one", "two"):
        run(tmp_path / name, f"data.path='{source}'", "preprocess.steps.cluster.method=words")
    one, two = (tmp_path / name / "datasets/processed/data.csv.gz" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_a_leaky_split_is_told_and_refused_if_asked(tmp_path: Path) -> None:
    source = proteome(tmp_path)
    arguments = (f"data.path='{source}'", "split=random", "preprocess.steps.cluster=null")
    notes = run(tmp_path / "out", *arguments)
    assert notes["tags"]["leakage.leaky"] == "true"
    assert notes["leakage"]["share_above_30"] > 0
    with (tmp_path / "out/leakage.csv").open() as text:
        rows = list(csv.DictReader(text))
    closest = max(rows, key=lambda row: float(row["nearest_training_identity"]))
    assert closest["nearest_training_id"]
    with pytest.raises(DataError) as caught:
        run(tmp_path / "refused", *arguments, "preprocess.steps.leakage.tolerated=0")
    assert caught.value.code == "leaky_split"


def test_by_column(tmp_path: Path) -> None:
    arguments = ("split=column", "split.column=species", "split.test_values=[c]", "split.val=0.4")
    run(tmp_path / "out", f"data.path='{proteome(tmp_path)}'", *arguments, "preprocess.steps.read.keep=[species]")
    sets = {(row["species"], row["set"]) for row in dataset(tmp_path / "out")}
    assert sets == {("c", "test"), ("b", "val"), ("a", "train")}
    with pytest.raises(DataError, match=r"needs the column 'species'.*keep=\[species\]"):
        run(tmp_path / "no", f"data.path='{proteome(tmp_path)}'", *arguments)


def test_variants_become_a_data_set_that_training_reads(tmp_path: Path) -> None:
    from proteinlab.training.samples import read_samples

    arguments = (f"data.path={DATA}/pab1.csv", f"wild_type.path={DATA}/pab1_wt.fasta", "preprocess=variants")
    run(tmp_path / "out", *arguments, "split.val=0.3", "preprocess.steps.read.keep=[num_mutations]")
    rows = dataset(tmp_path / "out")
    assert [row["num_mutations"] for row in rows] == [row["mutations"] for row in rows]
    assert {row["set"] for row in rows if row["mutations"] == "2"} == {"test"}
    columns = dict.fromkeys(("sequence", "target", "set", "id", "validation"))
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        data = compose("train", [f"data.path={tmp_path}/out/datasets/processed/data.csv.gz"]).data
    samples = read_samples(
        **{key: value for key, value in data.items() if key not in {"_target_", "columns"}}, columns=columns
    )
    assert samples.counts() == Counter(row["set"] for row in rows)


def test_given_sets_and_a_missing_one(tmp_path: Path) -> None:
    arguments = ("preprocess=variants", f"wild_type.path={DATA}/pab1_wt.fasta", "split=given")
    notes = run(tmp_path / "out", f"data.path={DATA}/pab1.csv", *arguments)
    assert notes["split"]["sizes"].keys() == {"train", "val", "test"}
    path = tmp_path / "holes.csv"
    path.write_text("variant,score,set\nG126A,1,train\nG126C,2,\n")
    with pytest.raises(DataError) as caught:
        run(tmp_path / "no", f"data.path={path}", *arguments)
    assert (caught.value.code, caught.value.line) == ("missing_set", 3)


def test_what_is_missing_is_told_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        run(tmp_path, "data.path=/no/such/file.csv")
    assert caught.value.code == "no_such_file"
    with pytest.raises(DataError, match=r"wild_type\.path=FILE"):
        run(tmp_path, f"data.path={DATA}/pab1.csv", "preprocess=variants")


def test_tags_and_results_go_into_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    try:
        client = mlflow.MlflowClient()
        experiment = client.create_experiment("p", artifact_location=(tmp_path / "artifacts").as_uri())
        run_id = client.create_run(experiment).info.run_id
        monkeypatch.setenv("MLFLOW_RUN_ID", run_id)
        arguments = ("preprocess=variants", f"wild_type.path={DATA}/pab1_wt.fasta", "split=random")
        notes = run(tmp_path / "out", f"data.path={DATA}/pab1.csv", *arguments)
        tags = client.get_run(run_id).data.tags
        assert tags["split.id"] == notes["split"]["split_id"]
        assert (tags["leakage.leaky"], tags["leakage.level"]) == ("false", "variants of one parent")
        assert {one.path for one in client.list_artifacts(run_id)} >= {"datasets", "split.json", "config.yaml"}
        refused = client.create_run(experiment).info.run_id
        monkeypatch.setenv("MLFLOW_RUN_ID", refused)
        arguments = ("split=random", "preprocess.steps.cluster=null", "preprocess.steps.leakage.tolerated=0")
        with pytest.raises(DataError, match="are tolerated"):
            run(tmp_path / "no", f"data.path='{proteome(tmp_path)}'", *arguments)
        assert client.get_run(refused).data.tags["leakage.leaky"] == "true"
    finally:
        mlflow.set_tracking_uri(before)


def squared(number: int, factor: int) -> int:
    if number == 13:
        raise DataError("unlucky", "No 13.", 7)
    return number * number * factor


def test_dask_on_this_machine_and_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with Workers(processes=2) as workers:
        assert workers.map("squares", np.square, list(range(9))) == [n * n for n in range(9)]
    with (
        LocalCluster(n_workers=2, processes=False, dashboard_address="127.0.0.1:0") as cluster,
        Workers(cluster.scheduler_address) as workers,
    ):
        assert workers.map("squares", squared, [1, 2, 3], 2) == [2, 8, 18]
        assert workers.processes == 2
        with pytest.raises(DataError) as caught:
            workers.map("squares", squared, [1, 13], 2)
        assert caught.value.line == 7
    monkeypatch.setattr(workers_module, "CONNECT_SECONDS", 1)
    with pytest.raises(DataError) as caught, Workers("tcp://127.0.0.1:9") as workers:
        workers.map("squares", squared, [1], 2)
    assert caught.value.code == "no_scheduler"


@contextmanager
def cluster_of_other_processes(folder: Path, **environment: str) -> Iterator[str]:
    """A Dask scheduler and a worker, each started by its own command; gives the scheduler's address."""
    file = folder / "scheduler.json"
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    scheduler = ["dask_scheduler", "--host", "127.0.0.1", "--port", "0", *common]
    worker = ["dask_worker", *common, "--host", "127.0.0.1", "--nworkers", "1", "--nthreads", "1", "--no-nanny"]
    with ExitStack() as stack:
        for arguments in (scheduler, worker):
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{arguments[0]}", *arguments[1:]],
                cwd=folder,
                env=os.environ | environment,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait, 60)
            stack.callback(process.terminate)
            until(file.exists, 60)
        address = json.loads(file.read_text())["address"]
        with Client(address) as client:
            client.wait_for_workers(1, timeout=60)
        yield address


def test_a_running_cluster_of_other_processes_does_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workers_module, "PROGRESS_SECONDS", 0)
    source = tmp_path / "globins.fasta"
    globins = read_alignment(DATA / "globins45.ali.gz")
    source.write_text("".join(f">{a}\n{b}\n" for a, b in zip(globins.ids, globins.sequences(), strict=True)))
    arguments = ("preprocess=identity", f"data.path={source}")
    with cluster_of_other_processes(tmp_path, PYTHONPATH=str(ROOT / "src")) as address:
        run(tmp_path / "there", *arguments, f"scheduler={address}")
    said = capsys.readouterr().out
    assert f"joined {address} with 1 workers" in said
    assert "identity: 8 of 8 (100%)" in said
    run(tmp_path / "here", *arguments)
    there, here = (tmp_path / name / "datasets/processed/identity.npz" for name in ("there", "here"))
    with np.load(there) as one, np.load(here) as other:
        assert np.array_equal(one["identity"], other["identity"])


def test_workers_without_the_library_are_told_apart(tmp_path: Path) -> None:
    """As if it were not installed, which it is where these tests run."""
    hiding = tmp_path / "hiding"
    hiding.mkdir()
    (hiding / "proteinlab.py").write_text("raise ModuleNotFoundError('not here', name='proteinlab')\n")
    with (
        cluster_of_other_processes(tmp_path, PYTHONPATH=str(hiding)) as address,
        pytest.raises(DataError, match="cannot import proteinlab") as caught,
        Workers(address) as workers,
    ):
        workers.map("squares", squared, [1], 2)
    assert caught.value.code == "workers_lack_library"


def test_the_script_as_the_project_runs_it(tmp_path: Path) -> None:
    source = proteome(tmp_path)
    command = [sys.executable, "preprocess.py", f"data.path={source}"]
    command.append("overrides=preprocess.steps.cluster.method=words workers=2 'name=my data'")
    environment = os.environ | {"PYTHONPATH": "../../src", "PROTEINX_OUTPUT_DIR": str(tmp_path / "out")}
    done = subprocess.run(
        command,
        cwd=ROOT / "projects/protein",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "step 6 of 6: write" in done.stdout
    assert dataset(tmp_path / "out", "my data")
    bad = subprocess.run(
        [*command[:2], "data.path=/none"],
        cwd=ROOT / "projects/protein",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (bad.returncode, bad.stderr.startswith("error: no_such_file: ")) == (2, True)
