"""A wall clock that is set, under a running master or before it starts again: nothing is given up, nothing hangs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from app.clock import now
from app.master import Master
from app.models import Attempt, Lease, Member
from app.scheduling import placing, ringing, state, verdicts
from app.scheduling.leadership import NAME, Leadership
from proteinx.contracts.queues import Doorbell
from proteinx.contracts.states import AttemptState
from proteinx.contracts.system import SystemSettings
from tests.app.scheduling.lab import Lab

YEAR = timedelta(days=365)


@pytest.mark.parametrize("step", [YEAR, -YEAR])
def test_a_step_of_the_machines_clock_does_not_move_the_masters(
    monkeypatch: pytest.MonkeyPatch, step: timedelta
) -> None:
    class Stepped(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + step

    before = now()
    monkeypatch.setattr(clock, "datetime", Stepped)
    assert timedelta(0) <= now() - before < timedelta(hours=1)
    assert abs(clock.stepped_by() - step.total_seconds()) < 3600


def test_what_was_heard_in_the_future_was_heard_when_the_master_started() -> None:
    """Written by an earlier process whose clock was a year ahead: a node that died meanwhile is still found out."""
    ready = datetime(2026, 11, 1, tzinfo=UTC)
    ahead = ready + YEAR
    running = verdicts.AttemptSigns(
        "j", 1, AttemptState.RUNNING, ahead, ahead, ahead, None, 30.0, None,
        (verdicts.MemberSigns("gpu1", AttemptState.RUNNING, ahead),),
    )  # fmt: skip
    waiting = replace(
        running, state=AttemptState.ASSIGNED, members=(verdicts.MemberSigns("gpu1", AttemptState.ASSIGNED, ahead),)
    )
    settings = SystemSettings()  # lease of 120 s, and 30 s in which agents find a master that is back
    at = ready + timedelta(seconds=100)
    assert verdicts.judge(running, settings, ready, at) is None
    assert verdicts.judge(running, settings, ready, ready + timedelta(seconds=151)).to is AttemptState.LOST
    assert verdicts.judge(waiting, settings, ready, ready + timedelta(seconds=59)) is None
    assert verdicts.judge(waiting, settings, ready, at).to is AttemptState.EXPIRED


def test_another_masters_clock_may_be_a_little_ahead() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    heard = at + timedelta(seconds=5)
    members = (verdicts.MemberSigns("gpu1", AttemptState.RUNNING, heard),)
    running = verdicts.AttemptSigns("j", 1, AttemptState.RUNNING, heard, heard, heard, None, 30.0, None, members)
    assert verdicts.judge(running, SystemSettings(), at - YEAR, at) is None


def test_a_lease_that_ends_further_ahead_than_any_can_is_taken_over(master: Master) -> None:
    with master.db.write() as session:
        session.add(Lease(name=NAME, holder="another clock", expires_at=now() + YEAR))
    assert Leadership(master.db).hold()


def test_a_lease_that_may_be_another_process_s_is_left_alone(master: Master) -> None:
    with master.db.write() as session:
        session.add(Lease(name=NAME, holder="a living one", expires_at=now() + timedelta(seconds=40)))
    assert not Leadership(master.db).hold()


def test_a_bell_that_was_rung_in_the_future_is_rung_again(master: Master, lab: Lab) -> None:
    lab.node()
    job = lab.job()
    placing.place_pending(master, lambda _: None)
    lab.change(lambda session: setattr(session.get_one(Member, (job, 1, 0)), "rung_at", now() + YEAR))
    rung: list[Doorbell] = []
    ringing.ring_overdue(master, lambda _, bell: not rung.append(bell))
    assert [bell.job_id for bell in rung] == [job]


def test_a_job_that_would_wait_longer_than_anybody_is_made_to_waits_no_more(master: Master, lab: Lab) -> None:
    odd, fair = lab.job(not_before=now() + YEAR), lab.job(not_before=now() + timedelta(seconds=300))
    with master.db.read() as session:
        ready = {job.id for job in state.waiting(session, master.memory, now())}
    assert odd in ready
    assert fair not in ready
    lab.node()
    placing.place_pending(master, lambda _: None)
    with master.db.read() as session:
        assert session.get(Attempt, (odd, 1)) is not None
