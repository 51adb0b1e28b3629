"""The scheduler as a whole: woken at once, one leader, and alive whatever a step meets."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from app.clock import now
from app.master import Master
from app.models import Lease
from app.scheduling import loop
from app.scheduling.leadership import Leadership
from app.scheduling.loop import Scheduler
from proteinx.contracts.states import JobState
from tests.app.scheduling.lab import FakeTracking, Lab
from tests.waiting import until


@pytest.fixture
def start(master: Master) -> Iterator[Callable[..., Scheduler]]:
    running: list[Scheduler] = []

    def make(**arguments: float) -> Scheduler:
        scheduler = Scheduler(master, None, **arguments)
        running.append(scheduler)
        master.wake = scheduler.wake
        scheduler.start()
        return scheduler

    yield make
    for scheduler in running:
        scheduler.stop()


def test_a_commit_wakes_it_at_once(lab: Lab, start: Callable[..., Scheduler]) -> None:
    """With a tick of a minute, only the wake can have done it."""
    lab.node()
    scheduler = start(tick=60.0)
    until(lambda: scheduler.probe() == "ok")
    began = time.monotonic()
    job = lab.job()
    scheduler.wake()
    until(lambda: lab.read(job).state == "scheduled")
    assert time.monotonic() - began < 2.0, "generous: the machine is shared"


def test_a_tick_finds_what_nobody_told(lab: Lab, start: Callable[..., Scheduler]) -> None:
    start(tick=0.05)
    job = lab.job()
    lab.node()
    until(lambda: lab.read(job).state == "scheduled")


def test_one_leads_and_the_other_takes_over(lab: Lab, start: Callable[..., Scheduler]) -> None:
    first = start(tick=0.05)
    until(lambda: first.probe() == "ok")
    second = start(tick=0.05)
    until(lambda: second.probe() == "standby")
    first.stop()
    until(lambda: second.probe() == "ok")
    lab.node()
    job = lab.job()
    until(lambda: lab.read(job).state == "scheduled")


def test_a_leader_that_died_is_followed_when_its_term_is_over(master: Master, start: Callable[..., Scheduler]) -> None:
    dead = Leadership(master.db, term=1.0)
    assert dead.hold()
    heir = start(tick=0.05)
    before = master.ready_at
    until(lambda: heir.probe() == "ok")
    assert not dead.held
    until(lambda: master.ready_at > before)  # what the dead one did not hear is nobody's fault
    with master.db.read() as session:
        lease = session.scalars(select(Lease)).one()
    assert lease.expires_at > now()


def test_a_failing_step_is_shown_and_the_others_go_on(
    master: Master, lab: Lab, start: Callable[..., Scheduler], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = threading.Event()
    broken.set()
    real = loop.ringing.ring_overdue

    def ring_overdue(*arguments: object) -> None:
        if broken.is_set():
            raise ValueError("the database looks odd")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loop.ringing, "ring_overdue", ring_overdue)
    scheduler = start(tick=0.05)
    until(lambda: scheduler.probe() == "ringing fails (ValueError)")
    lab.node()
    job = lab.job()
    until(lambda: lab.read(job).state == "scheduled")
    broken.clear()
    until(lambda: scheduler.probe() == "ok")


def test_a_slow_mlflow_keeps_no_job_from_starting(
    lab: Lab, tracking: FakeTracking, start: Callable[..., Scheduler], monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, asked = threading.Event(), threading.Event()

    def set_status(*_: str) -> None:
        asked.set()
        stuck.wait(30)

    monkeypatch.setattr(tracking, "set_status", set_status)
    lab.job(JobState.FAILED)
    start(tick=0.05)
    assert asked.wait(10)
    lab.node()
    job = lab.job()
    until(lambda: lab.read(job).state == "scheduled")
    stuck.set()
