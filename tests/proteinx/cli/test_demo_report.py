"""The demo claims nothing that it has not read back from both sides."""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from proteinx.cli import demo_report
from proteinx.cli.demo_report import read_back, three_test_rows
from proteinx.cli.exits import CommandError
from proteinx.client import Client
from proteinx.client.retry import ONCE
from proteinx.contracts.jobs import JobDetail, Resources
from tests.proteinx.cli.conftest import ROOT
from tests.proteinx.scripted import Answer, Scripted, Seen

CONTENT = b'{"test_spearman": 0.84}'
JOB = JobDetail.model_construct(id="a" * 32, metrics={"test_spearman": 0.84, "loss": 0.1}, resources=Resources())


class Both:
    """The master's API and MLflow behind it, as far as the demo reads them."""

    def __init__(self, workdir: Path) -> None:
        self.status = "FINISHED"
        self.metrics = dict(JOB.metrics)
        self.listed = ["metrics.json"]
        self.location = "artifacts/x/metrics.json"
        stored = workdir / self.location
        stored.parent.mkdir(parents=True)
        stored.write_bytes(CONTENT)

    def __call__(self, seen: Seen) -> Answer:
        path = urlsplit(seen.path).path
        if path.endswith("/metrics.json"):
            return Answer(200, CONTENT)
        return Answer.json(self._reply(path))

    def _reply(self, path: str) -> Any:
        if path.endswith("/runs/get"):
            metrics = [{"key": key, "value": value} for key, value in self.metrics.items()]
            return {"run": {"info": {"status": self.status}, "data": {"metrics": metrics}}}
        if path.endswith("/mlflow/artifacts/list"):
            return {"files": [{"path": name} for name in self.listed]}
        digest = hashlib.sha256(CONTENT).hexdigest()
        item = {"path": "metrics.json", "size": len(CONTENT), "sha256": digest, "attempt": 1, "location": self.location}
        return [item] if self.listed is not None else []


@pytest.fixture
def workdir(tmp_path: Path) -> Path:
    return tmp_path / "workdir"


@pytest.fixture
def both(scripted: Scripted, workdir: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    monkeypatch.setattr(demo_report, "_CLOSE_SECONDS", 0.2)
    scripted.script = Both(workdir)
    return scripted.script


def read(scripted: Scripted, workdir: Path) -> demo_report.ReadBack:
    with Client(scripted.url, "t", retry=ONCE) as client:
        return read_back(client, JOB, workdir)


def test_all_is_read_from_both_sides(scripted: Scripted, both: Both, workdir: Path) -> None:
    result = read(scripted, workdir)
    assert result.metrics == {"test_spearman": 0.84}
    assert result.spearman == 0.84
    assert [item.path for item in result.artifacts] == ["metrics.json"]


def test_metrics_that_differ_are_an_error(scripted: Scripted, both: Both, workdir: Path) -> None:
    both.metrics["loss"] = 0.2
    with pytest.raises(CommandError, match=r"loss is 0\.1 in the API and 0\.2 in MLflow"):
        read(scripted, workdir)


def test_metrics_that_mlflow_lacks_are_an_error(scripted: Scripted, both: Both, workdir: Path) -> None:
    del both.metrics["test_spearman"]
    with pytest.raises(CommandError, match="None in MLflow"):
        read(scripted, workdir)


def test_a_run_that_is_not_closed_is_an_error(scripted: Scripted, both: Both, workdir: Path) -> None:
    both.status = "RUNNING"
    with pytest.raises(CommandError, match="RUNNING"):
        read(scripted, workdir)


def test_artifacts_that_mlflow_does_not_list_are_an_error(scripted: Scripted, both: Both, workdir: Path) -> None:
    both.listed = []
    with pytest.raises(CommandError, match="does not list"):
        read(scripted, workdir)


def test_bytes_that_lie_elsewhere_are_an_error(scripted: Scripted, both: Both, workdir: Path) -> None:
    (workdir / both.location).write_bytes(json.dumps({"test_spearman": 0.99}).encode())
    with pytest.raises(CommandError, match="does not lie in"):
        read(scripted, workdir)


def test_three_variants_span_the_test_set() -> None:
    rows = three_test_rows(ROOT / "examples" / "gb1_flip" / "three_vs_rest.csv.gz")
    values = [value for _, value in rows]
    assert values == sorted(values)
    assert values[0] == 0.0
    assert values[-1] > 8
    assert len({sequence for sequence, _ in rows}) == 3
