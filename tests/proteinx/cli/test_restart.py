"""`px down` and `px up` around running jobs, and a backup that comes up elsewhere."""

import json
from pathlib import Path

import psutil
import pytest

from proteinx.cli.exits import Exit
from proteinx.client import Client
from tests.ports import free_port
from tests.proteinx.cli.conftest import ROOT, Px
from tests.waiting import until

ECHO = ROOT / "tests" / "proteinx" / "cli" / "echo"


def of_home(px: Px) -> list[psutil.Process]:
    """Processes that work in this home, whoever started them."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(px.home) in " ".join(process.info["cmdline"] or [])
    ]


def port_of(px: Px) -> str:
    return px.url.rsplit(":", 1)[1]


@pytest.fixture(scope="module")
def data(px: Px) -> str:
    path = px.folder / "one.csv"
    path.write_text("sequence,target\nMKTAYIAK,1.0\nMKTAYIAR,0.5\n")
    version = px.json("data", "upload", "pairs", str(path))
    return f"{version['dataset']}@{version['number']}"


def running_job(px: Px, data: str, signal_file: Path) -> str:
    """A job that runs until `signal_file` is there."""
    submitted = ["submit", "echo", "--project-dir", str(ECHO), "--yes", "-i", f"data={data}"]
    job = px.json(*submitted, "-P", f"wait_for={signal_file}")
    until(lambda: px.json("jobs", "show", job["id"])["state"] == "running", 60, "the job runs")
    return str(job["id"])


def test_restart_leaves_a_running_job_alone(px: Px, data: str, tmp_path: Path) -> None:
    job = running_job(px, data, tmp_path / "go")
    px("down")
    px("status", code=Exit.FAILED)
    assert of_home(px), "the job's supervisor goes on"
    px("up", "--no-portal", "--port", port_of(px))
    (tmp_path / "go").touch()
    px("logs", "-f", job)
    ended = px.json("jobs", "show", job)
    assert (ended["state"], ended["attempt"]) == ("succeeded", 1)


def test_stop_jobs_ends_everything_and_the_job_goes_on_later(px: Px, data: str, tmp_path: Path) -> None:
    job = running_job(px, data, tmp_path / "go")
    px("down", "--stop-jobs")
    until(lambda: not of_home(px), 60, "nothing of it runs any more")
    (tmp_path / "go").touch()
    px("up", "--no-portal", "--port", port_of(px))
    px("logs", "-f", job)
    ended = px.json("jobs", "show", job)
    assert (ended["state"], ended["attempt"]) == ("succeeded", 2)


def test_backup_comes_up_elsewhere(px: Px, data: str, tmp_path: Path) -> None:
    job = running_job(px, data, tmp_path / "go")
    (tmp_path / "go").touch()
    px("logs", "-f", job)
    file = px.folder / "all.tar"
    assert "px down" in px("backup", str(file), "--workdir", code=Exit.FAILED)[1]
    px("down", "--stop-jobs")
    px("backup", str(file), "--workdir")

    other = Px(px.folder / "elsewhere")
    other.folder.mkdir()
    other("restore", str(file), "--workdir", str(other.folder / "work"))
    assert "holds a state" in other("restore", str(file), code=Exit.FAILED)[1]
    stored = json.loads((px.folder / "config" / "credentials.json").read_text())
    try:
        url = other.json("up", "--no-portal", "--port", str(free_port()), "--no-worker")["url"]
        with Client(url, stored["token"]) as master:
            assert master.jobs.get(job).state == "succeeded"
            assert b"".join(master.jobs.whole_log(job)).startswith("回声".encode())
            [artifact] = [item for item in master.jobs.artifacts(job) if item.path.endswith("长度.txt")]
            master.jobs.download_artifact(job, artifact, tmp_path / "copy")
            assert (tmp_path / "copy").read_text().startswith("15")
            query = {"run_id": job}
            run = master.transport.request("GET", "/mlflow/api/2.0/mlflow/runs/get", query=query).json()["run"]
            assert run["info"]["status"] == "FINISHED"
    finally:
        other("down")
