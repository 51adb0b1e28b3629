"""Workers that die, are restarted, or were only cut off."""

from contextlib import suppress
from pathlib import Path

import psutil

from proteinx.contracts.states import AttemptState, JobState
from tests.integration.harness import Agent, Lab
from tests.integration.processes import processes_of
from tests.waiting import until

STEPS = 60


def test_a_killed_worker_costs_only_the_steps_since_the_last_checkpoint(
    workers: Lab, worker: Agent, hasty: Lab
) -> None:
    job_id = workers.submit(parameters={"steps": STEPS, "hold": 23, "gate": workers.gate()})
    workers.wait_checkpoint(job_id, 14)
    worker.kill_tree()
    second = workers.agent()
    job = workers.wait(job_id, seconds=90)
    assert [one.state for one in job.attempts] == [AttemptState.LOST, AttemptState.SUCCEEDED]
    assert job.attempts[1].members[0].node == second.node_name
    first = workers.result(job_id)["first"]
    assert first >= 15, "it went on from a committed checkpoint"
    assert f"resumed after step {first - 1}" in workers.log(job_id, 2)
    assert workers.log(job_id, 2).splitlines()[-1] == "last line"
    assert workers.steps(job_id) == list(range(STEPS)), "one curve, no point missing or doubled"
    workers.wait_run_status(job_id, "FINISHED")


def test_an_agent_killed_alone_disturbs_nothing(workers: Lab, worker: Agent) -> None:
    job_id = workers.submit(parameters={"steps": STEPS, "pause": 0.1})
    workers.wait_line(job_id, "step 5")
    worker.kill()
    worker.start()
    workers.wait_online(worker)
    assert_undisturbed(workers, job_id)


def test_an_agent_that_is_stopped_leaves_its_jobs_running_for_its_successor(workers: Lab, worker: Agent) -> None:
    job_id = workers.submit(parameters={"steps": STEPS, "pause": 0.1})
    workers.wait_line(job_id, "step 5")
    assert worker.terminate() == 0
    worker.start()
    assert_undisturbed(workers, job_id)


def assert_undisturbed(lab: Lab, job_id: str) -> None:
    job = lab.wait(job_id, seconds=60)
    assert len(job.attempts) == 1
    assert lab.log(job_id).splitlines() == ["first line", *(f"step {n}" for n in range(STEPS)), "last line"]
    assert lab.steps(job_id) == list(range(STEPS))


def test_a_job_whose_agent_dies_and_never_returns_is_lost_and_resumed(workers: Lab, worker: Agent, hasty: Lab) -> None:
    """The supervisor goes on, but nobody vouches for it: in the end its writes are refused and it is over."""
    job_id = workers.submit(parameters={"steps": 400, "pause": 0.1})
    workers.wait_checkpoint(job_id, 4)
    worker.kill()
    second = workers.agent()
    until(lambda: len(workers.job(job_id).attempts) == 2, 60, "a second attempt")
    workers.wait(job_id, JobState.RUNNING)
    assert workers.job(job_id).attempts[1].members[0].node == second.node_name
    until(lambda: not processes_of(worker.state), 60, "the fenced copy has ended itself")
    workers.member.jobs.cancel(job_id)
    workers.wait(job_id, JobState.CANCELLED)


def freeze(folder: Path) -> list[psutil.Process]:
    """All that runs there, also what is started while one looks."""
    frozen: list[psutil.Process] = []
    while new := [process for process in processes_of(folder) if process not in frozen]:
        for process in new:
            frozen.append(process)
            with suppress(psutil.NoSuchProcess):
                process.suspend()
    return frozen


def test_a_worker_that_was_cut_off_too_long_comes_back_to_a_kill_order(workers: Lab, worker: Agent, hasty: Lab) -> None:
    """Stopped as a whole for longer than the lease, then let go: the zombie may write nothing any more."""
    gate = workers.gate()
    job_id = workers.submit(parameters={"steps": 80, "hold": 23, "gate": gate})
    workers.wait_checkpoint(job_id, 4)
    frozen = freeze(worker.state)
    gate.touch()
    second = workers.agent()
    until(lambda: len(workers.job(job_id).attempts) == 2, 60, "a second attempt")
    for process in frozen:
        with suppress(psutil.NoSuchProcess):
            process.resume()
    job = workers.wait(job_id, seconds=90)
    assert job.attempts[1].members[0].node == second.node_name
    assert workers.steps(job_id) == list(range(80))
    first = workers.log(job_id, 1)
    assert "last line" not in first, "the zombie's log was not taken any more"
