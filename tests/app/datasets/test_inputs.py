"""Inputs: references are resolved when a job is made, and only its attempts read the files."""

from datetime import UTC, datetime

import pytest

from app.datasets import inputs
from app.errors import NotFound, Unprocessable
from proteinx.contracts.models import ModelVersionView, ModelView
from proteinx.contracts.projects import EntryPointView, ParameterView
from tests.app.datasets.test_datasets import CSV, FASTA, create
from tests.app.lab import Lab, RunningMember

ENTRY = EntryPointView(
    name="main",
    parameters=[
        ParameterView(name="data", type="path", default=None, required=True),
        ParameterView(name="extra", type="path", default="x", required=False),
        ParameterView(name="lr", type="float", default="1", required=False),
    ],
    command="python train.py {data}",
    config_name=None,
)


def model_version(version: str, *aliases: str) -> ModelVersionView:
    at = datetime.now(UTC)
    return ModelVersionView(name="cnn", version=version, job_id=None, aliases=list(aliases), uri="", created_at=at)


@pytest.fixture
def stocked(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Lab:
    create(lab)
    create(lab, FASTA, filename="b.fasta")
    known = {"cnn": [model_version("2", "best"), model_version("10")]}
    monkeypatch.setattr(lab.tracking, "versions", lambda name: known.get(name, []))
    monkeypatch.setattr(lab.tracking, "models", lambda: [ModelView(name="cnn", latest=None)])
    monkeypatch.setattr(lab.tracking, "model_files_prefix", lambda name, version: f"artifacts/models/{name}-{version}")
    lab.master.storage.write_bytes("artifacts/models/cnn-2/MLmodel", b"m")
    lab.master.storage.write_bytes("artifacts/models/cnn-2/data/权 重.pt", b"ww")
    return lab


@pytest.fixture
def run(stocked: Lab) -> str:
    """Another job, with a file and a folder among its artifacts."""
    other: str = stocked.submit()["id"]
    assert stocked.as_("alice").post(f"/api/jobs/{other}/cancel").is_success  # it waits for no worker
    stocked.master.storage.write_bytes(f"artifacts/{other}/artifacts/predictions.parquet", b"p")
    stocked.master.storage.write_bytes(f"artifacts/{other}/artifacts/图 表/a b.png", b"png")
    return other


def resolve(lab: Lab, **given: str) -> dict[str, str]:
    with lab.db.read() as session:
        return inputs.resolve(session, lab.master, ENTRY, given)


@pytest.mark.parametrize(
    ("reference", "resolved"),
    [
        ("gb1", "gb1@2"),
        ("gb1@1", "gb1@1"),
        ("gb1@latest", "gb1@2"),
        ("models:/cnn/2", "models:/cnn/2"),
        ("models:/cnn@best", "models:/cnn/2"),
        ("models:/cnn", "models:/cnn/10"),
        ("models:/cnn/latest", "models:/cnn/10"),
    ],
)
def test_resolved(stocked: Lab, reference: str, resolved: str) -> None:
    assert resolve(stocked, data=reference) == {"data": resolved}


@pytest.mark.parametrize(
    ("given", "code", "field", "told"),
    [
        ({}, "missing_input", "inputs.data", "'data'"),
        ({"data": "gb2"}, "unknown_dataset", "inputs.data", "'gb1'"),
        ({"data": "gb1@9"}, "unknown_version", "inputs.data", "newest is 2"),
        ({"data": "gb1@0"}, "bad_input", "inputs.data", "<dataset>"),
        ({"data": "../etc"}, "bad_input", "inputs.data", "<dataset>"),
        ({"data": "s3://b/k"}, "bad_input", "inputs.data", "<dataset>"),
        ({"data": "gb1", "dat": "gb1"}, "unknown_input", "inputs.dat", "'data'"),
        ({"data": "gb1", "lr": "gb1"}, "unknown_input", "inputs.lr", "data, extra"),
        ({"data": "models:/cmn/1"}, "unknown_model", "inputs.data", "'cnn'"),
        ({"data": "models:/cnn/7"}, "unknown_model", "inputs.data", "10, 2"),
    ],
)
def test_refused(stocked: Lab, given: dict[str, str], code: str, field: str, told: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        resolve(stocked, **given)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert told in caught.value.detail


@pytest.mark.parametrize(
    ("path", "code", "told"),
    [
        ("prediction.parquet", "unknown_artifact", "'predictions.parquet'"),
        ("../x", "unknown_artifact", "../x"),
        ("图", "unknown_artifact", "图"),
    ],
)
def test_an_artifact_that_is_not_there(stocked: Lab, run: str, path: str, code: str, told: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        resolve(stocked, data=f"runs:/{run}/{path}")
    assert (caught.value.code, caught.value.field) == (code, "inputs.data")
    assert told in caught.value.detail


def test_a_run_that_is_not_there(stocked: Lab) -> None:
    with pytest.raises(Unprocessable) as caught:
        resolve(stocked, data=f"runs:/{'0' * 32}/a")
    assert caught.value.code == "unknown_run"


def test_artifacts_of_another_run_are_inputs(stocked: Lab, run: str) -> None:
    given = {"data": f"runs:/{run}/predictions.parquet", "extra": f"runs:/{run}/图 表"}
    assert resolve(stocked, **given) == given
    member, job = running(stocked, **given)
    client = stocked.client(member.spec["token"])
    file, folder = member.spec["inputs"]
    assert (file["kind"], file["is_directory"], folder["is_directory"]) == ("artifact", False, True)
    assert [(one["path"], client.get(one["url"]).content) for one in file["files"]] == [("predictions.parquet", b"p")]
    assert [(one["path"], client.get(one["url"]).content) for one in folder["files"]] == [("a b.png", b"png")]
    assert client.get(f"/api/jobs/{job}/inputs/data/config.yaml").status_code == 404


def running(lab: Lab, **given: str) -> tuple[RunningMember, str]:
    """A job with these inputs, running."""
    agent = lab.agent("n1")
    job = lab.submit()["id"]
    lab.set_job(job, inputs=given)
    lab.schedule()
    return agent.claim(agent.beat()["assignments"][0]), job


def test_an_attempt_reads_its_own_inputs_only(stocked: Lab) -> None:
    member, job = running(stocked, data="gb1@1", model="models:/cnn/2")
    client = stocked.client(member.spec["token"])
    specs = {spec["parameter"]: spec for spec in member.spec["inputs"]}
    assert (specs["data"]["is_directory"], specs["model"]["is_directory"]) == (False, True)
    data, model = specs["data"]["files"], specs["model"]["files"]
    assert [client.get(file["url"]).content for file in data] == [CSV]
    assert {file["path"]: client.get(file["url"]).content for file in model} == {
        "MLmodel": b"m",
        "data/权 重.pt": b"ww",
    }
    assert client.get(model[0]["url"].replace("MLmodel", "..%2F..%2Fx")).status_code in (404, 422)
    assert client.get(f"/api/jobs/{job}/inputs/other/a.csv").status_code == 404
    assert client.get("/api/datasets/gb1/versions/1/files/a.csv").content == CSV
    assert client.get("/api/datasets/gb1/versions/2/files/b.fasta").status_code == 403
    assert client.get("/api/datasets").status_code == 403
    assert client.get(f"/api/jobs/{'0' * 32}/inputs/data/a.csv").status_code == 403
    assert stocked.as_("alice").get(data[0]["url"]).status_code == 403


def test_inputs_that_are_gone(stocked: Lab) -> None:
    job = stocked.submit()["id"]
    stocked.set_job(job, inputs={"data": "gb1@7"})
    with stocked.db.read() as session, pytest.raises(NotFound):
        inputs.specs(session, stocked.master, stocked.row(job))
