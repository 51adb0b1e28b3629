"""One agent with its launchers, for all tests of warm start."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.worker.conftest import AgentProcess
from tests.worker.stub import StubJob, StubMaster, until


class Pairs:
    """Runs each script twice, on one agent with one pair of launchers."""

    def __init__(self, master: StubMaster, agent: AgentProcess) -> None:
        self.master, self.agent = master, agent

    def run(self, script: str, **changes: Any) -> tuple[StubJob, StubJob]:
        jobs = [self.master.job(script, warm_start=warm, **changes) for warm in (True, False)]
        for job in jobs:
            until(lambda job=job: job.finish)
        assert [job.details.get("start") for job in jobs] == ["warm", "cold"], self.agent.log.read_text()
        return jobs[0], jobs[1]

    def run_warm(self, script: str, **changes: Any) -> StubJob:
        job = self.master.job(script, **changes)
        until(lambda: job.finish, 60)
        assert job.finish is not None and job.finish["outcome"] == "succeeded", job.log.decode()
        assert job.details["start"] == "warm", job.details
        return job


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pairs]:
    folder = tmp_path_factory.mktemp("warm")
    (folder / "master").mkdir()
    master = StubMaster(folder / "master")
    master.start()
    agent = AgentProcess(master, folder / "state")
    agent.environment = {
        "PROTEINX_WORKER_WARM_START": "true",
        "PROTEINX_WORKER_PASS_ENV": '["PASSED"]',
        "PASSED": "on",
        "SECRET": "px_n_agent",
    }
    agent.start()
    until(lambda: "the launcher is ready" in agent.log.read_text(), 60)
    yield Pairs(master, agent)
    agent.close()
    master.stop()
