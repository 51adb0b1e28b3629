"""Plans are drawn from a seed alone, and the checks would notice what they are there for."""

import pytest

from tests.chaos import expected
from tests.chaos.kinds import KINDS
from tests.chaos.plan import Fate, JobPlan, make_plan


def test_a_seed_gives_one_plan_and_another_seed_another() -> None:
    first, same, other = (make_plan(50, 40, seed, agents=3, lease=6) for seed in (1, 1, 2))
    assert first == same
    assert first.jobs != other.jobs
    assert first.faults != other.faults


def test_every_kind_of_fault_comes_before_any_comes_again() -> None:
    plan = make_plan(1, len(KINDS), 3, agents=3, lease=6)
    assert {fault.kind for fault in plan.faults} == {kind.name for kind in KINDS}


def test_few_faults_are_those_that_happen_most() -> None:
    common = {kind.name for kind in KINDS if kind.common}
    assert {fault.kind for fault in make_plan(1, len(common), 4, agents=3, lease=6).faults} == common


@pytest.fixture
def job() -> JobPlan:
    return next(job for job in make_plan(50, 5, 1, agents=1, lease=6).jobs if job.fate is Fate.FINISH)


def test_a_whole_log_and_the_beginning_of_one_are_right(job: JobPlan) -> None:
    log = expected.whole_log(job, 0)
    assert expected.wrong_with_log(job, log, whole=True) is None
    for end in (0, 5, 30, len(log) // 2, len(log)):
        assert expected.wrong_with_log(job, log[:end], whole=False) is None
    told = log[: log.index(b"step 3 ")] + b"told to end before step 3\n"
    assert expected.wrong_with_log(job, told, whole=False) is None


def test_a_byte_lost_doubled_or_changed_is_seen(job: JobPlan) -> None:
    log = expected.whole_log(job, 0)
    middle = len(log) // 2
    for wrong in (
        log[:middle] + log[middle + 1 :],
        log[:middle] + log[middle - 1 :],
        log[:middle] + b"#" + log[middle + 1 :],
        log + log[-1:],
    ):
        assert expected.wrong_with_log(job, wrong, whole=True) is not None
        assert expected.wrong_with_log(job, wrong, whole=False) is not None
    assert expected.wrong_with_log(job, log[:-1], whole=True) is not None
