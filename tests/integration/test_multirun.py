"""Hydra's own multirun, `python train.py -m ... hydra/launcher=proteinx`, against a running master."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from proteinx.contracts.states import JobState
from tests.integration.harness import PROJECTS, Agent, Lab
from tests.integration.processes import clean_environment
from tests.waiting import until

SMALL = ("hydra.launcher.cpus=0.5", "hydra.launcher.memory=128M", "pause=0", "steps=2")


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def started(workers: Lab, tmp_path: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        environment = clean_environment(PROTEINX_URL=workers.master.url, PROTEINX_TOKEN=workers.member_token)
        command = [sys.executable, "train.py", "-m", f"hydra.sweep.dir={tmp_path}", "hydra/launcher=proteinx", *words]
        child = subprocess.Popen(
            command,
            cwd=PROJECTS / "tuning",
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        running.append(child)
        return child

    yield start
    for child in running:
        if child.poll() is None:
            child.kill()
        child.communicate()


def test_a_grid_ends_well_and_ctrl_c_ends_what_runs(workers: Lab, worker: Agent, started: Start) -> None:
    """Two multiruns side by side: one is left alone, the other has a point that fails and one that is interrupted."""
    long = started("fail=true,false", "hydra.launcher.name=long", *SMALL[:2], "pause=1", "steps=1000")
    grid = started("model=small,large", "lr=0.1,1.0", "hydra.launcher.name=grid", "hydra.launcher.metric=loss", *SMALL)
    told, _ = grid.communicate(timeout=300)
    assert grid.returncode == 0, told
    assert "HTTP Request" not in told, "what is asked of the master is nobody's news"
    jobs = {job.name: job for job in workers.member.jobs.page(search="grid-").items}
    assert sorted(jobs) == [f"grid-{number}" for number in range(4)]
    assert all(job.state is JobState.SUCCEEDED for job in jobs.values())
    assert jobs["grid-1"].overrides == ["model=small", "lr=1.0", "steps=2"]
    assert jobs["grid-1"].parameters == {"pause": "0"}, "what the entry point declares goes there"
    [parent] = {str(job.parent_run) for job in jobs.values()}
    run = workers.run(parent)
    assert (run["info"]["status"], run["info"]["run_name"]) == ("FINISHED", "grid")

    def states() -> dict[str, JobState]:
        assert long.poll() is None, long.communicate()[0]
        return {job.name: job.state for job in workers.member.jobs.page(search="long-").items}

    until(lambda: states() == {"long-0": JobState.FAILED, "long-1": JobState.RUNNING}, 60, "one failed, the other runs")
    os.kill(long.pid, signal.SIGINT)
    long.communicate(timeout=300)
    assert long.returncode != 0
    [job] = workers.member.jobs.page(search="long-1").items
    workers.wait(job.id, JobState.CANCELLED, 30)
    assert workers.run(str(job.parent_run))["info"]["status"] == "KILLED"


def test_what_is_refused_is_one_sentence(workers: Lab, started: Start) -> None:
    before = workers.member.jobs.page(limit=1).total
    refused = started("lr=0.1,1.0", *SMALL, "hydra.launcher.gpu_memory=lots")
    told, _ = refused.communicate(timeout=90)
    assert refused.returncode == 1
    assert "write for example 8G" in told
    assert "Traceback" not in told
    assert workers.member.jobs.page(limit=1).total == before
