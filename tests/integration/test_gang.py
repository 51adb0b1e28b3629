"""A job over several machines: two agents on this one, DistributedDataParallel over gloo."""

import os
from contextlib import suppress

import psutil
import pytest

from proteinx.contracts.jobs import GIB, Resources
from proteinx.contracts.states import AttemptState, Fault, JobState
from tests.integration.harness import Agent, Lab
from tests.integration.processes import processes_of
from tests.waiting import until

PAIR = Resources(nodes=2, cpus=0.5, memory=GIB)


@pytest.fixture
def pair(workers: Lab) -> Lab:
    workers.send_project("gang")
    for _ in range(2):
        workers.agent()
    return workers


def training_of(agent: Agent) -> list[psutil.Process]:
    """The processes that train at this moment; those that end while one looks are none."""
    found = []
    for process in processes_of(agent.state):
        with suppress(psutil.NoSuchProcess):
            if "ddp.py" in " ".join(process.cmdline()):
                found.append(process)
    return found


def submit(lab: Lab, entry_point: str = "main", **parameters: object) -> str:
    return lab.submit(entry_point, project="gang", resources=PAIR, parameters=parameters)


def test_all_members_meet_and_train_one_model(pair: Lab) -> None:
    job_id = submit(pair, steps=12)
    job = pair.wait(job_id, seconds=120)
    [attempt] = job.attempts
    assert {member.node for member in attempt.members} == {agent.node_name for agent in pair.agents}
    result = pair.result(job_id)
    assert result["world"] == 2
    assert result["weights"][0] == result["weights"][1], "the gradients were averaged: one model, not two"
    assert "rank 0 of 2" in pair.log(job_id)


def test_a_machine_that_dies_ends_the_whole_attempt_which_goes_on_elsewhere(pair: Lab, hasty: Lab) -> None:
    job_id = submit(pair, steps=120, pause=0.2)
    until(lambda: pair.member.jobs.checkpoints(job_id), 90, f"a checkpoint\n{pair.story(job_id)}")
    by_name = {agent.node_name: agent for agent in pair.agents}
    [second] = [by_name[member.node] for member in pair.job(job_id).attempts[0].members if member.rank == 1]
    second.kill_tree()
    third = pair.agent()
    until(lambda: len(pair.job(job_id).attempts) == 2, 60, f"a second attempt\n{pair.story(job_id)}")
    job = pair.wait(job_id, JobState.RUNNING, seconds=60)
    first, again = job.attempts
    assert first.fault is Fault.INFRA
    assert first.state in (AttemptState.LOST, AttemptState.FAILED)
    assert second.node_name in first.reason, "the right one is blamed"
    assert third.node_name in {member.node for member in again.members}
    until(lambda: "from step" in pair.log(job_id), 60, "it trains again")
    assert "from step 0" not in pair.log(job_id)
    pair.member.jobs.cancel(job_id)
    pair.wait(job_id, JobState.CANCELLED)


def test_a_member_that_fails_is_the_one_that_says_why(pair: Lab) -> None:
    """The others lose touch at that moment, and may say so first: that is no cause."""
    job_id = submit(pair, "fails", rank=1)
    job = pair.wait(job_id, JobState.FAILED, seconds=120)
    [attempt] = job.attempts
    assert (attempt.fault, attempt.exit_code) == (Fault.USER, 1)
    assert "rank 1" in attempt.reason
    assert any("this rank has a bug" in line for line in attempt.last_lines)


def test_a_process_that_is_killed_ends_all_members(pair: Lab) -> None:
    job_id = submit(pair, steps=500, pause=0.1)
    pair.wait_line(job_id, "step 3", seconds=90)
    victim = pair.agents[0]
    [training] = training_of(victim)[-1:]
    os.kill(training.pid, 9)
    job = pair.wait(job_id, JobState.FAILED, seconds=60)
    assert "SIGKILL" in job.reason
    for agent in pair.agents:
        until(
            lambda agent=agent: not training_of(agent),
            30,
            "nothing of it is left",
        )
