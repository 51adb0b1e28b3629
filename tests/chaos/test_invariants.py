"""The checks find what they are for: each one, shown a story in which something went wrong."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from proteinx.contracts.jobs import AttemptView, MemberView
from proteinx.contracts.states import AttemptState, Fault, JobState
from tests.chaos import expected, invariants, stamps
from tests.chaos.plan import Fate, JobPlan, make_plan
from tests.chaos.stamps import Life

NOW = datetime(2026, 11, 1, tzinfo=UTC)
A = AttemptState


@pytest.fixture
def plan() -> JobPlan:
    job = next(job for job in make_plan(50, 5, 1, agents=1, lease=6).jobs if job.fate is Fate.FINISH)
    return replace(job, steps=30, every=5, stops_alone=False, max_attempts=2)


def attempt(number: int, state: A, **changes: Any) -> AttemptView:
    member = MemberView(rank=0, node_id="n", node="w1", state=state, gpus=[], log_bytes=0)
    fields = {"fault": None, "reason": "", "exit_code": None, "last_lines": [], "environment": {}, "members": [member]}
    moments = {"assigned_at": NOW, "started_at": NOW, "ended_at": NOW}
    return AttemptView.model_validate({"number": number, "state": state, **fields, **moments, **changes})


def seen(
    plan: JobPlan,
    *attempts: AttemptView,
    state: JobState = JobState.SUCCEEDED,
    lives: dict[int, Life] | None = None,
    logs: dict[int, bytes] | None = None,
    disturbed: list[tuple[float, float]] | None = None,
    **submitted: Any,
) -> Any:
    """What a check looks at, without a lab."""
    job = {"id": "j", "cancelled": False, "releases": 0, **submitted}
    return SimpleNamespace(
        plan=plan,
        ranks=range(1),
        was_killed=False,
        submitted=SimpleNamespace(**job),
        lab=SimpleNamespace(stamps=None),
        story=SimpleNamespace(disturbed=lambda _: disturbed or []),
        detail=SimpleNamespace(state=state, reason="", attempts=list(attempts)),
        log=lambda number, _: (logs or {}).get(number, b""),
        lives=lambda _: lives or {},
    )


@pytest.fixture(autouse=True)
def no_stamps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "doubled", lambda *_: [])


def test_a_wrong_end(plan: JobPlan) -> None:
    done = attempt(1, A.SUCCEEDED)
    assert list(invariants.right_end(seen(plan, done))) == []
    assert list(invariants.right_end(seen(plan, done, state=JobState.FAILED)))
    assert list(invariants.right_end(seen(plan, done, cancelled=True)))
    poison = replace(plan, fate=Fate.FAIL)
    assert list(invariants.right_end(seen(poison, done)))
    assert list(invariants.right_end(seen(poison, attempt(1, A.FAILED, exit_code=1), state=JobState.FAILED)))
    assert not list(invariants.right_end(seen(poison, attempt(1, A.FAILED, exit_code=7), state=JobState.FAILED)))


def test_a_log_that_lacks_what_the_job_had_written(plan: JobPlan) -> None:
    whole = expected.whole_log(plan, 0)
    lives = {1: Life(0.0, 9.0, step=29)}
    right = seen(plan, attempt(1, A.SUCCEEDED), lives=lives, logs={1: whole})
    assert list(invariants.right_logs(right)) == []
    for log in (whole[:-1], whole[: len(whole) // 2], b""):
        assert list(invariants.right_logs(seen(plan, attempt(1, A.SUCCEEDED), lives=lives, logs={1: log})))
    cut = whole[: whole.index(b"step 20 ")]
    failed = attempt(1, A.FAILED, fault=Fault.INFRA)
    assert list(invariants.right_logs(seen(plan, failed, lives=lives, logs={1: cut}))), "the worker told the end"
    assert not list(invariants.right_logs(seen(plan, attempt(1, A.LOST), lives=lives, logs={1: cut})))


@pytest.mark.parametrize(
    ("state", "stops_alone", "wrong"), [(A.LOST, False, 0), (A.LOST, True, 1), (A.FAILED, False, 1)]
)
def test_two_attempts_at_once(plan: JobPlan, state: A, stops_alone: bool, wrong: int) -> None:
    """Only one that was cut off may still run, and not if it was to stop then."""
    job = replace(plan, stops_alone=stops_alone)
    lives = {1: Life(0.0, 12.0), 2: Life(11.0, 20.0)}
    found = list(invariants.no_overlap(seen(job, attempt(1, state), attempt(2, A.SUCCEEDED), lives=lives)))
    assert len(found) == wrong


def test_one_attempt_begun_twice(plan: JobPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "doubled", lambda *_: [1])
    assert list(invariants.no_overlap(seen(plan, attempt(1, A.SUCCEEDED))))


def test_work_that_is_repeated_although_it_was_saved_in_time(plan: JobPlan) -> None:
    lives = {1: Life(0.0, 20.0, step=25, saves=[(1.0, 4), (5.0, 9), (19.0, 24)]), 2: Life(30.0, 40.0)}
    both = (attempt(1, A.LOST), attempt(2, A.SUCCEEDED))

    def found(first: int, disturbed: list[tuple[float, float]] | None = None) -> list[str]:
        logs = {1: expected.whole_log(plan, 0), 2: expected.whole_log(plan, first)}
        return list(invariants.little_is_repeated(seen(plan, *both, lives=lives, logs=logs, disturbed=disturbed)))

    assert found(10) == [], "step 24 was saved a second before the end: too late to count on"
    assert found(25) == []
    assert found(5)
    assert found(12), "no checkpoint was there"
    assert found(5, disturbed=[(6.0, 9.0)]) == [], "there was no quiet time to send it in"
    assert found(0, disturbed=[(14.0, 15.0)]), "step 4 had that before"


def test_more_attempts_than_were_to_be(plan: JobPlan) -> None:
    lost = [attempt(number, A.LOST) for number in (1, 2, 3)]
    assert list(invariants.few_attempts(seen(plan, *lost)))
    assert not list(invariants.few_attempts(seen(plan, *lost, releases=1)))
    assert not list(invariants.few_attempts(seen(plan, attempt(1, A.PREEMPTED), attempt(2, A.EXPIRED), *lost[:2])))
    assert list(invariants.few_attempts(seen(plan, attempt(1, A.RUNNING, ended_at=None))))
