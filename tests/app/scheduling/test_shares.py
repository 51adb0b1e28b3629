"""Shares, quotas and preemption on a real database: what placement is told, and what becomes of its plan."""

from datetime import timedelta

import pytest

from app.clock import now
from app.master import Master
from app.models import Allocation, Attempt, Job, Member, QuotaRow, User
from app.scheduling import placing, ringing, state
from app.scheduling.usage import Ledger
from app.workdir.service import get_settings
from tests.app.scheduling.lab import GIB, Lab
from tests.app.scheduling.test_steps import Bells, free

WEEK = 7 * 86400.0


@pytest.fixture
def bells() -> Bells:
    return Bells()


def person(lab: Lab, user_id: str, name: str) -> str:
    lab.change(
        lambda session: session.add(User(id=user_id, name=name, role="member", password_hash="-", created_at=now()))
    )
    return user_id


def used(lab: Lab, owner: str, *, began: float, ended: float | None, gpus: int = 1) -> str:
    """A job that held GPUs from `began` to `ended` seconds ago."""
    name = f"old{next(lab.names)}"
    node = lab.node(name, gpus=gpus)
    job = lab.job(owner_id=owner, resources={"gpus": gpus}, priority=99)
    placing.place_pending(lab.master, free)

    def age(session: object) -> None:
        session.get_one(Attempt, (job, 1)).assigned_at = now() - timedelta(seconds=began)  # type: ignore[attr-defined]
        for row in session.query(Allocation).filter_by(job_id=job):  # type: ignore[attr-defined]
            row.cpus = 0.0
            row.released_at = None if ended is None else now() - timedelta(seconds=ended)
        if ended is not None:
            session.get_one(Job, job).state = "succeeded"  # type: ignore[attr-defined]
            session.get_one(Member, (job, 1, 0)).state = "succeeded"  # type: ignore[attr-defined]

    lab.change(age)
    assert node
    return job


def averages(master: Master, ledger: Ledger) -> dict[str, float]:
    with master.db.read() as session:
        states = state.users(session, ledger, now(), get_settings(session))
    return {user_id: one.average for user_id, one in states.items()}


def test_use_counts_by_its_age_and_what_ends_is_counted_once(master: Master, lab: Lab) -> None:
    ana, bo = "u" * 16, person(lab, "b" * 16, "bo")
    used(lab, ana, began=WEEK, ended=0, gpus=2)
    used(lab, bo, began=2 * WEEK, ended=WEEK, gpus=2)
    ledger = Ledger()
    first = averages(master, ledger)
    assert first[ana] == pytest.approx(2 * 0.5, rel=1e-3), "a whole half-life of two GPUs"
    assert first[bo] == pytest.approx(2 * 0.25, rel=1e-3), "the same, a half-life ago"
    assert averages(master, ledger) == pytest.approx(first, rel=1e-3)
    running = used(lab, ana, began=WEEK, ended=None)
    assert averages(master, ledger)[ana] == pytest.approx(1.0 + 0.5, rel=1e-3)

    def end(session: object) -> None:
        for row in session.query(Allocation).filter_by(job_id=running):  # type: ignore[attr-defined]
            row.released_at = now()

    lab.change(end)
    assert averages(master, ledger)[ana] == pytest.approx(1.5, rel=1e-3)
    assert averages(master, ledger) == pytest.approx(averages(master, Ledger()), rel=1e-3)


def test_a_shared_gpu_counts_by_its_memory(master: Master, lab: Lab) -> None:
    lab.node(gpus=1)
    lab.job(resources={"gpus": 1, "gpu_share": True, "gpu_memory": 6 * GIB, "cpus": 4})
    placing.place_pending(master, free)
    with master.db.read() as session:
        [one] = state.users(session, Ledger(), now(), get_settings(session)).values()
    assert (one.holding, one.gpus, one.jobs) == (0.25 + 4 / 16, 1, 1)


def test_who_has_had_less_is_placed_first(master: Master, lab: Lab) -> None:
    ana, bo = "u" * 16, person(lab, "b" * 16, "bo")
    used(lab, ana, began=WEEK, ended=0)
    lab.change(lambda session: session.execute(Job.__table__.delete().where(Job.state == "x")))
    lab.node("fresh", cpus=1)
    first = lab.job(owner_id=ana, resources={"cpus": 1, "node_names": ["fresh"]})
    second = lab.job(owner_id=bo, resources={"cpus": 1, "node_names": ["fresh"]})
    placing.place_pending(master, free)
    assert (lab.read(first).state, lab.read(second).state) == ("pending", "scheduled")


def test_a_quota_holds_back_what_is_over_it(master: Master, lab: Lab) -> None:
    ana = "u" * 16
    lab.change(
        lambda session: session.add(
            QuotaRow(user_id=ana, max_gpus=None, max_running=1, max_queued=None, max_priority=0, share=1.0)
        )
    )
    lab.node()
    jobs = [lab.job() for _ in range(2)]
    placing.place_pending(master, free)
    placing.place_pending(master, free)
    assert sorted(lab.read(job).state for job in jobs) == ["pending", "scheduled"]


# --- room kept, preemption ---


def test_the_first_that_waits_is_written_down_as_kept_for_and_stays_first(master: Master, lab: Lab) -> None:
    lab.node(cpus=4)
    lab.job(resources={"cpus": 3}, time_limit=3600)
    placing.place_pending(master, free)
    big = lab.job(resources={"cpus": 4})
    placing.place_pending(master, free)
    kept = lab.read(big).reserved_at
    assert kept is not None
    small = lab.job(resources={"cpus": 1})
    assert placing.place_pending(master, free) == []
    assert lab.read(big).reserved_at == kept
    short = lab.job(resources={"cpus": 1}, time_limit=60, grace=0)
    placing.place_pending(master, free)
    assert [lab.read(job).state for job in (big, small, short)] == ["pending", "pending", "scheduled"]


def busy_lab(lab: Lab, victim_state: str) -> tuple[str, str]:
    """One node, full with a job in that state, and one of higher priority that waits."""
    lab.node(cpus=2)
    victim = lab.job(resources={"cpus": 2})
    placing.place_pending(lab.master, free)

    def move(session: object) -> None:
        for model, key in ((Attempt, (victim, 1)), (Member, (victim, 1, 0))):
            session.get_one(model, key).state = victim_state  # type: ignore[attr-defined]
        if victim_state == "running":
            session.get_one(Job, victim).state = "running"  # type: ignore[attr-defined]

    lab.change(move)
    return victim, lab.job(resources={"cpus": 2}, priority=1)


def test_what_has_not_begun_makes_room_at_once(master: Master, lab: Lab) -> None:
    victim, urgent = busy_lab(lab, "assigned")
    placing.place_pending(master, free)
    assert lab.read(victim).state == "pending"
    assert lab.attempt(victim).state == "preempted"
    assert "makes room for job" in lab.read(victim).reason
    placing.place_pending(master, free)
    assert (lab.read(urgent).state, lab.read(victim).state) == ("scheduled", "pending")
    assert lab.read(victim).counted_attempts == 0


def test_what_runs_is_told_once_and_rung_for(master: Master, lab: Lab, bells: Bells) -> None:
    victim, urgent = busy_lab(lab, "running")
    placing.place_pending(master, free)
    attempt = lab.attempt(victim)
    assert attempt.preempt_at is not None
    assert urgent[:12] in attempt.preempt_reason
    ringing.ring_overdue(master, bells.ring)
    assert [(bell.kind, bell.job_id) for _, bell in bells.rung] == [("cancel", victim)]
    placing.place_pending(master, free)
    assert lab.attempt(victim).preempt_at == attempt.preempt_at
    assert lab.read(urgent).reserved_at is not None


def test_who_may_not_be_disturbed_is_not(master: Master, lab: Lab) -> None:
    victim, _ = busy_lab(lab, "running")
    lab.change(lambda session: setattr(session.get_one(Job, victim), "preemptible", False))
    placing.place_pending(master, free)
    assert lab.attempt(victim).preempt_at is None
