"""A job repeated from its pins: on the platform, and from a capsule where there is no platform."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from proteinx.contracts.jobs import GIB, JobCreate, JobDetail, Resources
from tests.integration.command import px
from tests.integration.harness import Agent, Lab

SMALL = ["model.net.filters=8", "model.net.hidden=16", "data.region.last=56", "trainer.max_epochs=2"]


@pytest.fixture(scope="module")
def data(lab: Lab, gb1_small: Path) -> str:
    version = lab.member.datasets.upload("gb1-small", gb1_small)
    return f"{version.dataset}@{version.number}"


def trained(lab: Lab, project: str, data: str, *overrides: str) -> JobDetail:
    resources = Resources(cpus=1, memory=2 * GIB)
    request = JobCreate(project=project, overrides=list(overrides), inputs={"data": data}, resources=resources)
    return lab.wait(lab.member.jobs.create(request).id, seconds=150)


@pytest.fixture(scope="module")
def hello(lab: Lab, resident: Agent, data: str) -> JobDetail:
    return trained(lab, "hello", data, "epochs=40")


@pytest.fixture(scope="module")
def protein(lab: Lab, resident: Agent, data: str) -> JobDetail:
    return trained(lab, "protein", data, *SMALL)


def test_on_the_same_worker_a_network_comes_out_bit_for_bit(lab: Lab, protein: JobDetail) -> None:
    out, _ = px(lab, "reproduce", protein.id, "--json")
    told = json.loads(out)
    assert told["verdict"]["verdict"] == "bit-equal", told["verdict"]["differences"]
    assert told["verdict"]["compared"] > 10
    assert told["same_environment"]
    again = lab.job(told["second"])
    assert (again.snapshot, again.inputs, again.config) == (protein.snapshot, protein.inputs, protein.config)
    tags = lab.member.runs.tags(again.id)
    assert tags["reproduces"] == protein.id
    assert tags["reproduces.verdict"] == "bit-equal"
    found = lab.member.jobs.fingerprint(protein.id)
    assert any(path.endswith("weights.safetensors") for path in found.model), found.model.keys()
    assert found.artifacts["predictions.parquet"]


def test_another_seed_differs_and_is_said_to_be_another_job(lab: Lab, hello: JobDetail, data: str) -> None:
    other = trained(lab, "hello", data, "epochs=40", "seed=5")
    out, _ = px(lab, "reproduce", hello.id, "--with", other.id, code=1)
    assert out.startswith("differs")
    assert "not of the same config" in out
    assert "val_loss" in out
    assert lab.member.runs.tags(other.id)["reproduces.verdict"] == "differs"


def test_a_job_is_not_compared_with_itself(lab: Lab, hello: JobDetail) -> None:
    _, err = px(lab, "reproduce", hello.id, "--with", hello.id[:12], code=1)
    assert "one and the same job" in err
    assert "reproduces" not in lab.member.runs.tags(hello.id)


def test_a_job_whose_data_are_gone_says_so(lab: Lab, resident: Agent, tmp_path: Path) -> None:
    (tmp_path / "gone.csv").write_text("sequence,target\nMKTAYIAK,1\nMKTAYIAR,2\nMKTAYLAR,3\nMKTAYLAK,4\n")
    version = lab.member.datasets.upload("soon-gone", tmp_path / "gone.csv")
    job = trained(lab, "hello", f"{version.dataset}@{version.number}", "epochs=1")
    lab.member.datasets.delete("soon-gone")
    for command in (["reproduce", job.id], ["export", job.id, "--to", str(tmp_path / "c.zip")]):
        _, err = px(lab, *command, code=1)
        assert "was made from data=soon-gone@1, which is no longer there" in err
    assert not list(tmp_path.glob("c.zip*"))


def test_only_what_succeeded_can_be_repeated(lab: Lab, resident: Agent) -> None:
    job = lab.submit("stubborn")
    for command in (["reproduce", job], ["export", job]):
        _, err = px(lab, *command, code=1)
        assert "only a job that succeeded" in err
    lab.member.jobs.cancel(job)


def unpacked(lab: Lab, job: JobDetail, folder: Path, *options: str) -> Path:
    archive = folder / "capsule.zip"
    px(lab, "export", job.id, "--to", str(archive), *options)
    with zipfile.ZipFile(archive) as file:
        file.extractall(folder / "capsule")
    assert not list(folder.glob("*.part"))
    return folder / "capsule"


def mlflow_run(capsule: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Offline: no master's address, no path to this source tree, no network address that answers."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(capsule.parent),
        "MLFLOW_TRACKING_URI": f"sqlite:///{capsule.parent / 'mlflow.db'}",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    command = [sys.executable, "-m", "mlflow", "run", str(capsule), "--env-manager", "local", *arguments]
    return subprocess.run(
        command, cwd=capsule.parent, env=environment, capture_output=True, text=True, timeout=200, check=False
    )


def test_a_capsule_of_a_network_repeats_offline_bit_for_bit(lab: Lab, protein: JobDetail, tmp_path: Path) -> None:
    capsule = unpacked(lab, protein, tmp_path)
    done = mlflow_run(capsule)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"compared with job {protein.id}" in done.stdout
    assert "bit-equal" in done.stdout, done.stdout
    pins: dict[str, Any] = json.loads((capsule / "capsule.json").read_text())
    assert any(name.endswith("weights.safetensors") for name in pins["expected"]["files"])
    assert "torch==" in (capsule / "requirements.lock").read_text()
    assert "torch==" in (capsule / "python_env.yaml").read_text()
    assert protein.id in (capsule / "README.md").read_text()


def test_without_data_the_right_file_must_be_given(lab: Lab, hello: JobDetail, data: str, tmp_path: Path) -> None:
    capsule = unpacked(lab, hello, tmp_path, "--no-data")
    assert not (capsule / "data").exists()
    name, _, number = data.partition("@")
    given = tmp_path / "called otherwise.csv"
    lab.member.datasets.download(lab.member.datasets.version(name, int(number)), given)
    done = mlflow_run(capsule, "-P", f"data={given}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "bit-equal" in done.stdout
    with given.open("a") as file:
        file.write("\n")
    wrong = mlflow_run(capsule, "-P", f"data={given}")
    assert wrong.returncode != 0
    assert "SHA-256 is another" in wrong.stderr


def test_changed_code_is_found_out(lab: Lab, hello: JobDetail, tmp_path: Path) -> None:
    capsule = unpacked(lab, hello, tmp_path)
    script = capsule / "code" / "train.py"
    changed = script.read_text().replace("float(row[target])", "1.1 * float(row[target])")
    script.write_text(changed)
    done = mlflow_run(capsule)
    assert done.returncode != 0
    assert "differs" in done.stdout
    assert "loss" in done.stdout
