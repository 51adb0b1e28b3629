"""A master that is killed, restarted or stands still costs running jobs nothing."""

import threading

import pytest

from proteinx.contracts.states import AttemptState
from tests.integration.harness import HASTY, Agent, Lab

AWAY_SECONDS = 10.0


def assert_whole(lab: Lab, job_id: str, steps: int) -> None:
    job = lab.wait(job_id, seconds=120)
    assert [one.state for one in job.attempts] == [AttemptState.SUCCEEDED], job.attempts
    assert lab.log(job_id).splitlines() == ["first line", *(f"step {n}" for n in range(steps)), "last line"]
    assert lab.steps(job_id) == list(range(steps))
    lab.wait_run_status(job_id, "FINISHED")


def test_a_restarted_master_disturbs_no_running_job(workers: Lab, worker: Agent) -> None:
    job_id = workers.submit(parameters={"steps": 100, "pause": 0.05})
    workers.wait_line(job_id, "step 5")
    workers.master.terminate()
    workers.master.start()
    assert_whole(workers, job_id, 100)


@pytest.mark.parametrize("form", ["killed", pytest.param("stopped", marks=pytest.mark.slow)])
def test_a_master_away_in_mid_training_costs_no_byte_and_no_point(
    workers: Lab, worker: Agent, hasty: Lab, form: str
) -> None:
    """Away for longer than a lease and what agents have to find it again; the job ends while nobody hears it."""
    assert HASTY["lease_seconds"] + 3 < AWAY_SECONDS
    steps = 75
    job_id = workers.submit(parameters={"steps": steps, "pause": 0.08})
    workers.wait_line(job_id, "step 5")
    away = threading.Event()
    if form == "killed":
        workers.master.kill()
        away.wait(AWAY_SECONDS)
        workers.master.start()
    else:
        workers.master.pause()
        away.wait(AWAY_SECONDS)
        workers.master.resume()
    assert_whole(workers, job_id, steps)


def test_a_master_killed_right_after_submit_starts_the_job_when_it_is_back(workers: Lab, worker: Agent) -> None:
    job_id = workers.submit(parameters={"steps": 3})
    workers.master.kill()
    workers.master.start()
    assert_whole(workers, job_id, 3)
