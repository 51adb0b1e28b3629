"""When a pass of placement is due."""

import time

import pytest

from app.clock import now
from app.master import Master
from app.models import JobEventRow
from app.scheduling import pace
from app.scheduling.pace import Pace
from tests.app.scheduling.lab import Lab


def passed(one: Pace, seconds: float, clock: list[float]) -> None:
    with one.timed():
        clock[0] += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    at = [1000.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: at[0])
    assert time.monotonic() == 1000.0
    return at


def test_short_passes_come_at_once_and_only_where_something_happened(
    master: Master, lab: Lab, clock: list[float]
) -> None:
    one = Pace()
    assert one.due(master.db), "the first"
    passed(one, 0.01, clock)
    assert not one.due(master.db)
    one.wake()
    assert one.rests_for() == 0.0
    assert one.due(master.db)
    passed(one, 0.01, clock)
    job = lab.job()
    event = JobEventRow(job_id=job, attempt=None, at=now(), actor="another process", kind="created", reason="")
    lab.change(lambda session: session.add(event))
    assert one.due(master.db), "another process can't wake this one"


def test_with_nothing_heard_one_comes_now_and_then(master: Master, clock: list[float]) -> None:
    one = Pace()
    one.due(master.db)
    passed(one, 0.01, clock)
    clock[0] += pace.IDLE_SECONDS - 0.1
    assert not one.due(master.db)
    clock[0] += 0.2
    assert one.due(master.db)


def test_long_passes_are_spread_out(master: Master, clock: list[float]) -> None:
    one = Pace()
    one.due(master.db)
    passed(one, 0.5, clock)
    one.wake()
    assert not one.due(master.db)
    assert one.rests_for() == pytest.approx(2.0)
    clock[0] += 2.0
    assert one.due(master.db)


def test_a_pass_that_failed_is_due_again(master: Master, clock: list[float]) -> None:
    one = Pace()
    one.due(master.db)
    with pytest.raises(ValueError, match="broken"), one.timed():
        raise ValueError("broken")
    assert one.due(master.db)
