"""A master that is killed after any of its calls to MLflow: the next one brings every run's status to the truth."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import UserActor
from app.clock import now
from app.jobs import service, upkeep
from app.models import Job, User
from app.scheduling import closing
from proteinx.contracts.accounts import Role
from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.states import JOB_ENDS, RUN_STATUS, JobState
from tests.app.lab import Lab

MOST_CALLS = 20


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
    for calls in range(1, MOST_CALLS):
        lab.master.tracking = Mortal(lab.tracking, calls)  # type: ignore[assignment]
        try:
            act()
        except Died:
            lab.master.tracking = lab.tracking
            yield calls
        else:
            lab.master.tracking = lab.tracking
            return
    raise AssertionError("more calls than anybody thought")


def next_master(lab: Lab) -> None:
    """What it does in its first minutes."""
    closing.bring_runs_in_line(lab.master, no_fence, settled=0)
    upkeep.close_orphan_runs(lab.master, grace=timedelta(seconds=-1))


def no_fence(_: Session) -> None:
    """This process leads."""


def require_truth(lab: Lab) -> None:
    with lab.db.read() as session:
        states = {job.id: JobState(job.state) for job in session.scalars(select(Job))}
    for run_id, run in lab.tracking.kept.items():
        wanted = RUN_STATUS[states[run_id]] if run_id in states else "FAILED"
        assert run.status == wanted, (run_id, run, states.get(run_id))


def test_while_a_job_is_made(lab: Lab) -> None:
    with lab.db.read() as session:
        owner = session.scalars(select(User).where(User.name == "alice")).one()
    alice = UserActor(owner.id, owner.name, Role(owner.role))

    def make() -> None:
        service.create(lab.master, alice, JobCreate(project="greet", idempotency_key="the same again"))

    died = 0
    for _ in deaths(lab, make):
        died += 1
        next_master(lab)
        require_truth(lab)
        assert lab.as_("alice").get("/api/jobs").json()["total"] == 0, "a job without its run's params is none"
    assert died >= 2, "the run, and what describes it"
    assert lab.as_("alice").get("/api/jobs").json()["total"] == 1
    require_truth(lab)


@pytest.mark.parametrize("state", [JobState.RUNNING, *sorted(JOB_ENDS)])
def test_while_a_run_is_brought_in_line(lab: Lab, state: JobState) -> None:
    job = str(lab.submit(register_as="greeter")["id"])
    lab.tracking.log(job, "loss", {1: 0.5})
    moved = now() - timedelta(minutes=1)
    lab.set_job(job, state=state.value, attempt=2, started_at=moved, ended_at=now() if state in JOB_ENDS else None)

    for _ in deaths(lab, lambda: closing.bring_runs_in_line(lab.master, no_fence, settled=0)):
        assert lab.row(job).run_status != RUN_STATUS[state], "what is not done is not noted as done"
    require_truth(lab)
    made = lab.row(job)
    assert made.run_status == RUN_STATUS[state]
    if state is JobState.SUCCEEDED:
        assert (made.registered_version, lab.tracking.model_versions) == ("1", {"greeter": [job]}), "registered once"
        assert made.metrics == {"loss": 0.5}
