"""What the broker loses, doubles or is made to say changes nothing but the time."""

import json
import os
import signal
import sqlite3
from typing import Any

from proteinx.contracts.states import JobState
from tests.integration.harness import Agent, Lab
from tests.integration.processes import Child, clean_environment
from tests.waiting import until

RINGER = """
import json, os, sys
from app.scheduling.dispatch import Doorbells
from proteinx.contracts.queues import Doorbell
from tests.waiting import until
bells = Doorbells(os.environ["URL"])
for text in sys.argv[2:]:
    until(lambda: bells.ring(sys.argv[1], Doorbell.model_construct(**json.loads(text))))
"""


def ring(lab: Lab, node_id: str, *bells: dict[str, Any]) -> None:
    """As the master rings, from a process of its own with the master's account."""
    child = Child("ringer", lab.folder / "ringer.log")
    environment = clean_environment(URL=lab.master.redis_url())
    child.spawn(["-c", RINGER, node_id, *(json.dumps(bell) for bell in bells)], environment)
    assert child.wait() == 0, child.tail()


def dispatch_id(lab: Lab, job_id: str) -> str:
    """What the first doorbell said, from the master's database: no route tells it."""
    with sqlite3.connect(f"file:{lab.master.home / 'state' / 'proteinx.db'}?mode=ro", uri=True) as database:
        [row] = database.execute("SELECT dispatch_id FROM members WHERE job_id = ? AND attempt = 1", [job_id])
    return str(row[0])


def test_a_flush_between_submit_and_start_costs_seconds(workers: Lab, worker: Agent) -> None:
    until(lambda: workers.listening(worker), 60, "the consumer waits at the broker")
    with workers.settings(suspect_seconds=120, claim_seconds=120):
        worker.pause_tree()
        try:
            job_id = workers.submit(parameters={"steps": 3})
            workers.wait(job_id, JobState.SCHEDULED)
            workers.master.redis().flushall()
        finally:
            worker.resume_tree()
        job = workers.wait(job_id, seconds=60)
    assert len(job.attempts) == 1


def test_without_a_broker_jobs_start_and_are_cancelled_by_heartbeat(workers: Lab, worker: Agent) -> None:
    broker = workers.master.redis().info()["process_id"]
    os.kill(broker, signal.SIGSTOP)
    try:
        job_id = workers.submit(parameters={"steps": 3})
        workers.wait(job_id)
        endless = workers.submit("stubborn", grace=0.5)
        workers.wait_line(endless, "grandchild")
        workers.member.jobs.cancel(endless)
        workers.wait(endless, JobState.CANCELLED)
    finally:
        os.kill(broker, signal.SIGCONT)


def test_a_killed_broker_is_back_and_rings(workers: Lab, worker: Agent) -> None:
    os.kill(workers.master.redis().info()["process_id"], signal.SIGKILL)
    job_id = workers.submit(parameters={"steps": 3})
    workers.wait(job_id)
    until(lambda: workers.listening(worker), 60, "the consumer is back at the broker")


def test_forged_doubled_and_late_bells_start_nothing(workers: Lab, worker: Agent) -> None:
    """Every bell that can be rung, rung at the wrong time: each job still runs once, on its own node."""
    other = workers.agent()
    node, stranger = (workers.admin.nodes.resolve(one.node_name).id for one in (worker, other))
    until(lambda: workers.listening(worker) and workers.listening(other), 60, "both consumers wait at the broker")
    job_id = workers.submit(parameters={"steps": 60})
    workers.wait_line(job_id, "step 0")
    home = workers.job(job_id).attempts[0].members[0].node_id
    elsewhere = stranger if home == node else node
    real = {"kind": "start", "job_id": job_id, "attempt": 1, "rank": 0, "dispatch_id": "0" * 16}
    doubled = real | {"dispatch_id": dispatch_id(workers, job_id)}
    forged = [
        real,
        *[doubled] * 5,
        real | {"job_id": "f" * 32},
        real | {"attempt": 2},
        real | {"attempt": 0, "rank": 7},
        real | {"kind": "cancel"},
        real | {"job_id": "../../etc/passwd", "dispatch_id": "x"},
        real | {"attempt": "many"},
        {"kind": "shutdown"},
        {},
    ]
    ring(workers, home, *forged, *forged)
    ring(workers, elsewhere, *forged)
    job = workers.wait(job_id)
    assert len(job.attempts) == 1
    assert workers.log(job_id).count("first line") == 1
    assert workers.steps(job_id) == list(range(60))
    ring(workers, home, *forged)  # late: it is over
    again = workers.submit(parameters={"steps": 1})
    workers.wait(again)
    assert len(workers.job(job_id).attempts) == 1
