"""A job that was to wait only so long."""

from datetime import timedelta

from app.clock import now
from app.master import Master
from app.scheduling import waiting
from proteinx.contracts.states import JobState
from tests.app.scheduling.lab import Lab

MINUTE = timedelta(seconds=60)


def end(master: Master) -> None:
    waiting.end_impatient(master, lambda _: None, now())


def test_a_job_that_waited_too_long_fails_saying_so(master: Master, lab: Lab) -> None:
    at = now()
    due = lab.job(queue_limit=60.0, created_at=at - 2 * MINUTE)
    early = lab.job(queue_limit=600.0, created_at=at - 2 * MINUTE)
    patient = lab.job(created_at=at - 2 * MINUTE)
    running = lab.job(JobState.RUNNING, queue_limit=60.0, created_at=at - 2 * MINUTE)
    end(master)
    assert [lab.read(job).state for job in (due, early, patient, running)] == [
        "failed", "pending", "pending", "running",
    ]  # fmt: skip
    assert lab.read(due).reason == "waited longer for a place than its queue limit of 60 s"
    assert lab.read(due).ended_at is not None


def test_only_the_present_wait_counts(master: Master, lab: Lab) -> None:
    """Sent back by a machine that was lost, it begins to wait anew."""
    again = lab.job(queue_limit=60.0, created_at=now() - 10 * MINUTE, queued_at=now() - MINUTE / 2)
    end(master)
    assert lab.read(again).state == "pending"


def test_a_master_that_is_back_first_tries_to_find_a_place(master: Master, lab: Lab) -> None:
    job = lab.job(queue_limit=60.0, created_at=now() - 10 * MINUTE)
    master.ready_at = now() - timedelta(seconds=5)
    end(master)
    assert lab.read(job).state == "pending"
    master.ready_at = now() - 2 * MINUTE
    end(master)
    assert lab.read(job).state == "failed"
