"""`import proteinx as px` as a notebook uses it, on the project `hello`."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import proteinx as px
from proteinx.client import ApiError
from proteinx.client.binding import BadInput
from proteinx.client.code_source import BadProject
from proteinx.client.project_template import write
from proteinx.client.wishes import BadWish
from proteinx.contracts.states import JobState
from tests.integration.harness import PASSWORD, Agent, Lab
from tests.integration.notebook import Notebook

ROWS = "sequence,target\n" + "".join(f"MKTAYIA{'AKR'[n % 3] * (n % 7)},{n % 7}\n" for n in range(40))
SMALL = {"cpus": 0.5, "memory": "256M"}


@pytest.fixture(autouse=True)
def _signed_in(lab: Lab, resident: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PROTEINX_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    px.login(lab.master.url, "ana", PASSWORD)
    yield


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.csv"
    path.write_text(ROWS)
    return path


def test_signing_in_keeps_a_token_and_no_password(lab: Lab, tmp_path: Path) -> None:
    kept = (tmp_path / "config" / "credentials.json").read_text()
    assert PASSWORD not in kept
    assert json.loads(kept)["url"] == lab.master.url
    with pytest.raises(ApiError, match="password"):
        px.login(lab.master.url, "ana", "wrong password")


def test_submit_follow_and_read_what_it_made(data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    job = px.submit("hello", "epochs=60", data=data, name="from a notebook", **SMALL).follow()
    assert "-- succeeded" in capsys.readouterr().out
    metrics = job.metrics
    assert isinstance(metrics, pd.DataFrame)
    assert list(metrics.index) == [0, 20, 40, 59]
    assert metrics["loss"].is_monotonic_decreasing
    assert math.isclose(metrics["loss"].iloc[-1], job.latest["loss"])
    assert job.history("val_loss")[-1]["step"] == 59
    [weights] = job.download(tmp_path / "out", "weights.json")
    assert set(json.loads(weights.read_text())) >= {"weights", "loss"}
    assert "epoch 59" in job.log
    html = job._repr_html_()
    assert "succeeded" in html
    assert "from a notebook" in html
    assert px.job("from a notebook").id == job.id
    assert px.jobs(search="from a note")[0]["loss"] == job.latest["loss"]


def test_a_new_project_runs_from_its_folder(data: Path, tmp_path: Path) -> None:
    write("my-first", tmp_path / "my-first")
    job = px.submit(tmp_path / "my-first", "epochs=1", data=str(data), **SMALL).wait(60)
    assert job.details.project == "my-first"
    assert job.state is JobState.SUCCEEDED


def test_tables_are_lists_that_show_themselves(data: Path) -> None:
    version = px.datasets.upload(data, "toy pairs".replace(" ", "-"), description="<b>toy</b>")
    assert px.datasets.upload(data, "toy-pairs").number == version.number
    found = px.datasets("toy-pairs")
    assert found[0]["rows"] == 40
    assert "&lt;b&gt;toy" in found._repr_html_()
    assert list(found.to_frame()["name"]) == ["toy-pairs"]
    assert px.nodes()[0]["state"] == "online"
    assert "<table>" in px.nodes()._repr_html_()
    assert isinstance(px.models(), list)


def test_a_failed_job_raises_with_its_last_lines(data: Path) -> None:
    with pytest.raises(px.JobFailed, match="no-such-column") as caught:
        px.submit("hello", "data.target=no-such-column", data=data, **SMALL).wait(60)
    assert caught.value.job.state is JobState.FAILED
    caught.value.job.wait(check=False)


def test_cancel_and_time_out(data: Path) -> None:
    job = px.submit("hello", "epochs=100000000", data=data, **SMALL)
    with pytest.raises(TimeoutError, match="it goes on"):
        job.wait(0.2)
    assert job.cancel().wait(60, check=False).state is JobState.CANCELLED


def test_what_is_wrong_is_told(data: Path, tmp_path: Path) -> None:
    for error, words, call in (
        (ApiError, "Did you mean 'epochs'", lambda: px.submit("hello", "epoch=1", data=data)),
        (ApiError, "no project 'helo'", lambda: px.submit("helo", data=data)),
        (BadWish, "Did you mean 'gpus'", lambda: px.submit("hello", data=data, gpu=1)),
        (BadInput, "no file", lambda: px.submit("hello", data="missing.csv")),
        (BadProject, "There is no project", lambda: px.submit("./nowhere", data=data)),
        (LookupError, "No job", lambda: px.job("never was")),
        (ApiError, "no registered model", lambda: px.predict("never", ["MKTAYIAK"])),
        (AttributeError, "no attribute 'sumbit'", lambda: px.sumbit),
    ):
        with pytest.raises(error, match=words):
            call()


def test_without_pandas_metrics_are_a_list_of_dicts(
    light_python: Path,
    lab: Lab,
    resident: Agent,
    data: Path,
    tmp_path: Path,
) -> None:
    (tmp_path / "config" / "credentials.json").unlink()
    (tmp_path / "config").rmdir()
    notebook = Notebook(light_python, lab, tmp_path)
    out, err = notebook.run(
        "-c",
        "import json, pathlib, proteinx as px\n"
        "job = px.submit('hello', 'epochs=1', data=pathlib.Path('pairs.csv'), cpus=0.5, memory='256M').wait(60)\n"
        "print(json.dumps(job.metrics))",
    )
    [row] = json.loads(out.splitlines()[-1])
    assert row["step"] == 0
    assert "pandas is not installed" in err
