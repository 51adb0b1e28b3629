"""A master that is killed after any of its calls to MLflow: the next one brings every run's status to the truth."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import UserActor
from app.clock import now
from app.jobs import service, upkeep
from app.models import User
from app.scheduling import closing
from proteinx.contracts.accounts import Role
from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.states import JOB_ENDS, RUN_STATUS, JobState
from tests.app.lab import Lab
from tests.app.mortal import deaths, require_truth


def next_master(lab: Lab) -> None:
    """What it does in its first minutes."""
    closing.bring_runs_in_line(lab.master, no_fence, settled=0)
    upkeep.close_orphan_runs(lab.master, grace=timedelta(seconds=-1))


def no_fence(_: Session) -> None:
    """This process leads."""


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
