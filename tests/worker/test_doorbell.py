"""Bells through a real broker with the node's own account, to a real agent and its Celery child."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis

from app.scheduling.broker import Broker
from app.scheduling.dispatch import Doorbells
from app.settings import Settings
from proteinx.contracts.queues import Doorbell
from tests.worker.conftest import AgentProcess
from tests.worker.stub import StubJob, StubMaster, until

MIB = 1024**2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bells")


@pytest.fixture(scope="module")
def broker(folder: Path) -> Iterator[Broker]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PROTEINX_REDIS_URL", raising=False)
        running = Broker(Settings(home=folder / "home", _env_file=None))
    running.start()
    until(lambda: running.probe() == "ok")  # its own start waits for a few seconds only
    yield running
    running.stop()


@pytest.fixture(scope="module")
def bells(broker: Broker) -> Iterator[Doorbells]:
    ringing = Doorbells(broker.url)
    yield ringing
    ringing.close()


@pytest.fixture(scope="module")
def bell_master(folder: Path, broker: Broker) -> Iterator[StubMaster]:
    stub = StubMaster(folder)
    stub.redis_url = broker.url_for_node("node1")
    stub.assign_by_heartbeat = False
    stub.start()
    yield stub
    stub.stop()


@pytest.fixture(scope="module")
def shared_listener(bell_master: StubMaster, folder: Path, broker: Broker) -> Iterator[AgentProcess]:
    agent = AgentProcess(bell_master, folder / "state")
    agent.environment["PROTEINX_WORKER_CANARY_SECONDS"] = "0.3"
    agent.start()
    until(lambda: consumers(broker))
    yield agent
    agent.close()
    print(agent.log.read_text()[-6000:])


@pytest.fixture
def listener(shared_listener: AgentProcess, bell_master: StubMaster, broker: Broker) -> AgentProcess:
    """An agent that can only have heard of a job by the bell, at rest."""
    until(shared_listener.empty)
    until(lambda: consumers(broker))
    bell_master.jobs.clear()
    bell_master.served.clear()
    bell_master.commands.clear()
    return shared_listener


def consumers(broker: Broker) -> list[Any]:
    clients = redis.Redis.from_url(broker.url, decode_responses=True).client_list()
    return [row for row in clients if row["cmd"] == "brpop"]


def ring(bells: Doorbells, job: StubJob, **changes: Any) -> None:
    bell = {"kind": "start", "job_id": job.job_id, "attempt": job.attempt, "dispatch_id": job.dispatch_id, **changes}
    until(lambda: bells.ring("node1", Doorbell(**bell)))  # one that takes too long is given up


def children(agent: AgentProcess) -> list[psutil.Process]:
    """The consumers that live; one that is being replaced counts for a moment."""
    assert agent.process is not None
    found = []
    for child in psutil.Process(agent.process.pid).children():
        with suppress(psutil.NoSuchProcess):
            if child.status() != "zombie" and "worker.celery_app" in child.cmdline():
                found.append(child)
    return found


def the_consumer(agent: AgentProcess) -> psutil.Process:
    """Under load one may be taken for deaf and replaced at any moment."""
    [consumer] = until(lambda: found if len(found := children(agent)) == 1 else None)
    return consumer


def test_a_bell_starts_a_job(bell_master: StubMaster, listener: AgentProcess, bells: Doorbells) -> None:
    job = bell_master.job()
    ring(bells, job)
    until(lambda: job.finish)
    assert job.claims == 1


def test_forged_and_doubled_bells_do_nothing(bell_master: StubMaster, listener: AgentProcess, bells: Doorbells) -> None:
    job = bell_master.job("import time; print('on', flush=True); time.sleep(1)")
    ring(bells, job, dispatch_id="0" * 16)
    until(lambda: any(path.endswith("/claim") for _, path in bell_master.served))
    ring(bells, job, job_id="f" * 32)
    until(listener.empty)
    assert job.claims == 0
    for _ in range(3):
        ring(bells, job)
    until(lambda: job.finish)
    ring(bells, job)  # late
    until(listener.empty)
    assert job.finishes == 1


def test_a_cancel_bell_brings_the_next_heartbeat_forward(
    bell_master: StubMaster, listener: AgentProcess, bells: Doorbells
) -> None:
    job = bell_master.job("import time; print('on', flush=True); time.sleep(600)")
    ring(bells, job)
    until(lambda: b"on" in job.log)
    bell_master.heartbeat_seconds = 300.0
    mark = len(bell_master.beats)
    until(lambda: len(bell_master.beats) > mark)  # whose answer brings the new interval
    bell_master.cancel(job)
    bell_master.heartbeat_seconds = 0.1
    ring(bells, job, kind="cancel")
    until(lambda: job.finish)
    assert job.finish is not None and job.finish["outcome"] == "cancelled"


def test_a_dead_consumer_is_replaced(
    bell_master: StubMaster, listener: AgentProcess, bells: Doorbells, broker: Broker
) -> None:
    consumer = the_consumer(listener)
    consumer.kill()
    until(lambda: [child for child in children(listener) if child.pid != consumer.pid])
    until(lambda: consumers(broker))
    job = bell_master.job()
    ring(bells, job)
    until(lambda: job.finish)


def test_a_deaf_consumer_is_replaced(
    bell_master: StubMaster, listener: AgentProcess, bells: Doorbells, broker: Broker
) -> None:
    first = bell_master.job()
    ring(bells, first)
    until(lambda: first.finish)  # it has heard something
    consumer = the_consumer(listener)
    os.kill(consumer.pid, signal.SIGSTOP)
    until(lambda: [child for child in children(listener) if child.pid != consumer.pid], 60)
    until(lambda: consumers(broker))  # a bell before this could go to the dead one; the master would ring again
    job = bell_master.job()
    ring(bells, job)
    until(lambda: job.finish)


def test_flushall_is_survived(
    bell_master: StubMaster, listener: AgentProcess, bells: Doorbells, broker: Broker
) -> None:
    redis.Redis.from_url(broker.url).flushall()
    job = bell_master.job()
    ring(bells, job)
    until(lambda: job.finish)


def test_work_comes_without_a_broker(master: StubMaster, agent: AgentProcess) -> None:
    master.redis_url = "redis://:secret-password@127.0.0.1:1/0"
    agent.start()
    job = master.job()
    until(lambda: job.finish)
    assert "secret-password" not in agent.log.read_text()


def test_no_secret_in_arguments_environment_or_logs(
    listener: AgentProcess, broker: Broker, bell_master: StubMaster
) -> None:
    assert bell_master.redis_url is not None
    password = re.search(r":([^:@]+)@", bell_master.redis_url)
    assert password is not None
    consumer = the_consumer(listener)
    for process in (consumer, psutil.Process(consumer.ppid())):
        assert password[1] not in " ".join(process.cmdline())
        assert password[1] not in str(process.environ())
        assert "px_n_" not in str(process.environ()) + " ".join(process.cmdline())
    logs = listener.log.read_text() + (listener.state / "consumer.log").read_text()
    assert password[1] not in logs and "px_n_" not in logs and "px_w_" not in logs


def test_an_idle_agent_is_small(listener: AgentProcess) -> None:
    assert listener.process is not None
    tree = [psutil.Process(listener.process.pid), the_consumer(listener)]
    used = [process.memory_info().rss for process in tree]
    print([size // MIB for size in used])
    assert sum(used) < 150 * MIB


def test_the_consumer_ends_with_a_killed_agent(listener: AgentProcess) -> None:
    consumer = the_consumer(listener)
    listener.kill()
    until(lambda: not consumer.is_running() or consumer.status() == "zombie")
