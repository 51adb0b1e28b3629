"""Two masters on one database: one leads, and when it dies the other takes over."""

from collections.abc import Iterator

import httpx
import pytest

from proteinx.contracts.states import JobState
from tests.integration.harness import Agent, Lab, Master
from tests.waiting import until


def part(master: Master) -> str:
    return str(httpx.get(f"{master.url}/api/health", timeout=10).json()["parts"]["scheduler"])


@pytest.fixture
def second(workers: Lab) -> Iterator[Master]:
    """Shares database, broker and files with the lab's master; MLflow is the first one's child, so this has none."""
    folder = workers.folder / "second"
    folder.mkdir()
    shared = {
        "PROTEINX_DATABASE_URL": f"sqlite:///{workers.master.home / 'state' / 'proteinx.db'}",
        "PROTEINX_REDIS_URL": workers.master.redis_url(),
        "PROTEINX_MLFLOW_URL": "http://127.0.0.1:9",
    }
    master = Master(folder, **shared)
    master.start(mlflow=False)
    yield master
    if master.alive:
        master.terminate()


def test_one_leads_and_the_other_takes_over_what_it_left(workers: Lab, second: Master) -> None:
    until(lambda: part(second) == "standby", 60, "the second stands by")
    assert part(workers.master) == "ok"
    job_id = workers.submit(parameters={"steps": 500, "pause": 0.1})
    workers.wait(job_id, JobState.PENDING)
    workers.master.kill()
    until(lambda: part(second) == "ok", 60, "the second leads")
    # The broker went on as the first one's orphan; the second's workers hear of the job either way.
    agent = Agent(workers.folder, "heir", second.url, second_join_token(workers, second))
    workers.agents.append(agent)
    agent.start()
    until(lambda: state_of(workers, second, job_id) == "running", 60, f"it runs\n{second.tail()}\n{agent.tail()}")
    workers.master.start()
    until(lambda: part(workers.master) == "standby", 60, "the first stands by now")
    agent.kill_tree()  # its metrics can go nowhere: the second master has no MLflow
    workers.member.jobs.cancel(job_id)
    workers.wait(job_id, JobState.CANCELLED)
    second.terminate()
    until(lambda: part(workers.master) == "ok", 60, "the first leads again, at once")


def second_join_token(lab: Lab, master: Master) -> str:
    with lab.client_of(master) as client:
        return client.accounts.create_join_token().token


def state_of(lab: Lab, master: Master, job_id: str) -> str:
    with lab.client_of(master) as client:
        return client.jobs.get(job_id).state.value
