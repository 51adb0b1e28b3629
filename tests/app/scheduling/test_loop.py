"""The scheduler as a whole: woken at once, one leader, and alive whatever a step meets."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now
from app.master import Master
from app.models import Lease
from app.processes import identify
from app.scheduling import loop
from app.scheduling.leadership import NAME, Leadership
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
    """With a tick of an hour, only the wake can have done it."""
    lab.node()
    scheduler = start(tick=3600.0)
    until(lambda: scheduler.probe() == "ok")
    job = lab.job()
    scheduler.wake()
    until(lambda: lab.read(job).state == "scheduled")


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
    second.wake()
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


def test_one_of_this_machine_that_is_known_to_be_dead_is_not_waited_for(
    master: Master, start: Callable[..., Scheduler]
) -> None:
    """A master that was killed and started again: its jobs do not wait for a term that nobody serves."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    killed = holder_like(Leadership(master.db), process.pid)
    with master.db.write() as session:
        session.add(Lease(name=NAME, holder=killed, expires_at=now() + timedelta(seconds=40)))
    heir = Leadership(master.db)
    assert not heir.hold(), "it lives"
    process.communicate()  # ends its input, and so it
    assert heir.hold()


@pytest.mark.parametrize(
    "holder",
    ["4242:another-boot.77/{place}/00", "{own}4242.1/elsewhere/00", "another kind of name", "host:4242:00"],
)
def test_of_one_that_ran_elsewhere_nothing_is_known(master: Master, holder: str) -> None:
    heir = Leadership(master.db)
    place = heir._holder.split("/")[1]
    own = heir._holder.partition(".")[0] + "."
    with master.db.write() as session:
        name = holder.format(place=place, own=own)
        session.add(Lease(name=NAME, holder=name, expires_at=now() + timedelta(seconds=40)))
    assert not heir.hold()


def holder_like(leadership: Leadership, pid: int) -> str:
    """The name that the same code would give itself in that process."""
    return "/".join([str(identify(pid)), *leadership._holder.split("/")[1:]])


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
    scheduler.wake()
    until(lambda: lab.read(job).state == "scheduled")
    broken.clear()
    until(lambda: scheduler.probe() == "ok")


def test_a_slow_mlflow_keeps_no_job_from_starting(
    lab: Lab, tracking: FakeTracking, start: Callable[..., Scheduler], monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, asked = threading.Event(), threading.Event()

    def set_status(*_: str) -> None:
        asked.set()
        stuck.wait(200)

    monkeypatch.setattr(tracking, "set_status", set_status)
    lab.job(JobState.FAILED)
    scheduler = start(tick=0.05)
    try:
        assert asked.wait(60)
        lab.node()
        job = lab.job()
        scheduler.wake()
        until(lambda: lab.read(job).state == "scheduled")
    finally:
        stuck.set()
