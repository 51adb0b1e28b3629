"""When an attempt is given up, judged from signs alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.scheduling.verdicts import AttemptSigns, MemberSigns, judge
from proteinx.contracts.states import AttemptState, Fault
from proteinx.contracts.system import SystemSettings

T0 = datetime(2026, 11, 1, tzinfo=UTC)
LONG_AGO = T0 - timedelta(days=1)
SETTINGS = SystemSettings()  # beats of 10 s, lease of 120 s, claim within 60 s
A = AttemptState


def later(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def signs(state: A, *members: MemberSigns, **changes: object) -> AttemptSigns:
    """Everything was last heard of at T0."""
    alone = (MemberSigns("gpu1", state, T0),)
    made = AttemptSigns("j", 1, state, T0, T0, T0, 3600.0, 30.0, None, members or alone)
    return replace(made, **changes)


def verdict(what: AttemptSigns, seconds: float, ready_at: datetime = LONG_AGO) -> tuple[A, Fault | None] | None:
    found = judge(what, SETTINGS, ready_at, later(seconds))
    return (found.to, found.fault) if found else None


@pytest.mark.parametrize("state", [A.ASSIGNED, A.CLAIMED])
def test_what_nobody_takes_up_expires(state: A) -> None:
    assert verdict(signs(state), 60) is None
    assert verdict(signs(state), 61) == (A.EXPIRED, None)
    found = judge(signs(state), SETTINGS, LONG_AGO, later(61))
    assert found is not None
    assert found.reason == "gpu1 did not take it up within 60 s"


@pytest.mark.parametrize("state", [A.PREPARING, A.RUNNING, A.FINALIZING])
def test_a_silent_node_loses_its_attempt_when_the_lease_is_over(state: A) -> None:
    assert verdict(signs(state), 120) is None
    assert verdict(signs(state), 121) == (A.LOST, Fault.INFRA)
    assert verdict(signs(state, lease=600.0), 121) is None
    assert verdict(signs(state, lease=5.0), 6) == (A.LOST, Fault.INFRA)


def test_a_node_that_beats_but_does_not_name_it_loses_it_too() -> None:
    beating = MemberSigns("gpu1", A.RUNNING, later(119))
    assert verdict(signs(A.RUNNING, beating), 121) == (A.LOST, Fault.INFRA)
    assert verdict(signs(A.RUNNING, beating, renewed_at=later(100)), 121) is None


@pytest.mark.parametrize("state", [A.ASSIGNED, A.RUNNING])
def test_the_masters_own_downtime_never_counts(state: A) -> None:
    """Away from 0 to 10,000 s: nobody could be heard."""
    back = later(10_000)
    endless = signs(state, time_limit=None)
    assert verdict(endless, 10_001, ready_at=back) is None
    grace = 60 if state is A.ASSIGNED else 30 + 120  # agents get three beats to find it again
    assert verdict(endless, 10_000 + grace, ready_at=back) is None
    assert verdict(endless, 10_001 + grace, ready_at=back) is not None


def test_one_silent_node_loses_the_gang() -> None:
    gang = (MemberSigns("gpu1", A.RUNNING, later(300)), MemberSigns("gpu2", A.RUNNING, T0))
    found = judge(signs(A.RUNNING, *gang, renewed_at=later(300)), SETTINGS, LONG_AGO, later(301))
    assert found is not None
    assert (found.to, found.reason) == (A.LOST, "gpu2 was silent for 301 s")


def test_a_member_that_is_done_needs_no_node_any_more() -> None:
    gang = (MemberSigns("gpu1", A.RUNNING, later(300)), MemberSigns("gpu2", A.SUCCEEDED, T0))
    assert verdict(signs(A.RUNNING, *gang, renewed_at=later(300)), 301) is None


def test_a_gang_that_begun_in_part_is_lost_when_the_rest_stays_away() -> None:
    gang = (MemberSigns("gpu1", A.PREPARING, later(60)), MemberSigns("gpu2", A.ASSIGNED, later(60)))
    assert verdict(signs(A.ASSIGNED, *gang), 61) == (A.EXPIRED, None)
    assert verdict(signs(A.PREPARING, *gang), 61) == (A.LOST, None)


def test_the_backstop_leaves_the_supervisor_its_time() -> None:
    healthy = {"renewed_at": later(189), "time_limit": 100.0}
    member = MemberSigns("gpu1", A.RUNNING, later(189))
    due = 100 + 30 + 60
    assert verdict(signs(A.RUNNING, member, **healthy), due) is None
    assert verdict(signs(A.RUNNING, member, **healthy), due + 1) == (A.FAILED, Fault.USER)
    assert verdict(signs(A.RUNNING, member, **healthy), due + 1, ready_at=later(due)) is None
    assert verdict(signs(A.RUNNING, member, **(healthy | {"time_limit": None})), due + 1) is None
    finalizing = MemberSigns("gpu1", A.FINALIZING, later(189))
    assert verdict(signs(A.FINALIZING, finalizing, **healthy), due + 1) is None, "it only uploads by now"
