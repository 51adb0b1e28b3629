"""What a transaction changed is told once it is committed, and only then."""

import pytest

from app.jobs.transitions import move_job, record
from app.live import announce
from app.models import Job
from proteinx.contracts.states import JobState
from tests.app.lab import Lab


@pytest.fixture
def told(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    topics: list[str] = []
    monkeypatch.setattr(lab.master.hub, "publish", topics.append)
    return topics


def test_a_move_is_told_after_the_commit(lab: Lab, told: list[str]) -> None:
    job_id = lab.submit()["id"]
    told.clear()
    wakes = lab.wakes
    with lab.db.write() as session:
        move_job(session, session.get_one(Job, job_id), JobState.HELD, actor="test", reason="x")
        session.flush()
        assert (told, lab.wakes) == ([], wakes)
    assert sorted(told) == [f"job:{job_id}", "jobs"]
    assert lab.wakes == wakes + 1


def test_the_end_of_a_savepoint_is_no_commit(lab: Lab, told: list[str]) -> None:
    job_id = lab.submit()["id"]
    told.clear()
    with lab.db.write() as session:
        with session.begin_nested():
            record(session, session.get_one(Job, job_id), "noted", actor="test", reason="x")
        assert told == []
    assert f"job:{job_id}" in told


def test_what_is_rolled_back_is_not_told(lab: Lab, told: list[str]) -> None:
    job_id = lab.submit()["id"]
    told.clear()
    with pytest.raises(RuntimeError), lab.db.write() as session:
        record(session, session.get_one(Job, job_id), "noted", actor="test", reason="x")
        announce.later(session, "nodes")
        session.flush()
        raise RuntimeError
    with lab.db.write() as session:
        session.get_one(Job, job_id).notes = "no event"
    assert told == []
