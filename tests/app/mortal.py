"""A master that dies right after any of its calls to MLflow."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select

from app.models import Job, Sweep
from app.sweeps import closing as sweeps
from proteinx.contracts.states import RUN_STATUS, JobState
from proteinx.contracts.sweeps import SweepState
from tests.app.lab import Lab

MOST_CALLS = 60


class Died(BaseException):
    """As `kill -9`: what should happen afterwards does not."""


class Mortal:
    """MLflow, whose master dies right after its n-th call and makes no other."""

    def __init__(self, tracking: Any, calls: int) -> None:
        self._tracking = tracking
        self._left = calls

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if self._left <= 0:
                raise Died
            result = getattr(self._tracking, name)(*arguments, **named)
            self._left -= 1
            if self._left == 0:
                raise Died
            return result

        return call


def deaths(lab: Lab, act: Callable[[], None]) -> Iterator[int]:
    """Does it with a master that dies after one call, two, ... until it outlives what it does."""
    alive = lab.master.tracking
    for calls in range(1, MOST_CALLS):
        lab.master.tracking = Mortal(alive, calls)
        try:
            act()
        except Died:
            lab.master.tracking = alive
            yield calls
        else:
            lab.master.tracking = alive
            return
    raise AssertionError("more calls than anybody thought")


def require_truth(lab: Lab) -> None:
    """Each run has the status of its job or sweep; one that has neither has failed."""
    with lab.db.read() as session:
        wanted = {job.id: RUN_STATUS[JobState(job.state)] for job in session.scalars(select(Job))}
        wanted |= {one.id: sweeps.RUN_STATUS[SweepState(one.state)] for one in session.scalars(select(Sweep))}
    for run_id, run in lab.tracking.kept.items():
        assert run.status == wanted.get(run_id, "FAILED"), (run_id, run)
