"""Each step of the loop against a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.errors import Unavailable
from app.master import Master
from app.models import Allocation, Attempt, Job, JobEventRow, Member, Node, NodeHistory
from app.scheduling import closing, placing, reaper, ringing, upkeep
from app.scheduling.leadership import Leadership, NotLeading
from app.scheduling.pulse import Pulse
from proteinx.contracts.queues import Doorbell
from proteinx.contracts.states import AttemptState, JobState
from tests.app.scheduling.lab import FakeTracking, Lab


def free(_: Session) -> None:
    """A fence that lets everybody pass."""


class Bells:
    """A broker that notes what was rung, or is away."""

    def __init__(self) -> None:
        self.away = False
        self.rung: list[tuple[str, Doorbell]] = []

    def ring(self, node_id: str, bell: Doorbell) -> bool:
        if not self.away:
            self.rung.append((node_id, bell))
        return not self.away


@pytest.fixture
def bells() -> Bells:
    return Bells()


# --- placing ---


def test_a_pending_job_gets_attempt_member_allocations_and_a_bell(master: Master, lab: Lab) -> None:
    node, job = lab.node(gpus=2), lab.job(resources={"gpus": 1})
    [bell] = placing.place_pending(master, free)
    assert lab.read(job).state == "scheduled"
    assert lab.attempt(job).state == "assigned"
    member = lab.member(job)
    assert (bell.node_id, bell.bell.kind, bell.bell.job_id, bell.bell.attempt) == (node, "start", job, 1)
    assert bell.bell.dispatch_id == member.dispatch_id
    with master.db.read() as session:
        rows = session.scalars(select(Allocation)).all()
    assert {(row.gpu_uuid, row.node_id) for row in rows} == {(None, node), ("gpu1-0", node)}


def test_two_jobs_never_get_one_gpu(master: Master, lab: Lab) -> None:
    lab.node(gpus=1)
    first, second = lab.job(resources={"gpus": 1}), lab.job(resources={"gpus": 1})
    placing.place_pending(master, free)
    placing.place_pending(master, free)
    assert [lab.read(job).state for job in (first, second)] == ["scheduled", "pending"]


def test_a_place_that_the_database_refuses_costs_only_that_job(
    master: Master, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Capacity as seen by a scheduler that is out of date: the unique index has the last word."""
    lab.node(gpus=1)
    taken = lab.job(resources={"gpus": 1})
    with master.db.read() as session:
        stale = placing.state.free.capacity(session)
    placing.place_pending(master, free)
    monkeypatch.setattr(placing.state.free, "capacity", lambda _, **__: stale)
    refused, fine = lab.job(resources={"gpus": 1}), lab.job()
    bells = placing.place_pending(master, free)
    assert [bell.bell.job_id for bell in bells] == [fine]
    assert [lab.read(job).state for job in (taken, refused, fine)] == ["scheduled", "pending", "scheduled"]


def test_nothing_is_placed_on_silent_draining_or_removed_nodes(master: Master, lab: Lab) -> None:
    lab.node(last_heartbeat_at=now() - timedelta(seconds=31))
    lab.node(state="draining")
    lab.node(agent_draining=True)
    lab.node(removed_at=now())
    job = lab.job()
    assert placing.place_pending(master, free) == []
    assert lab.read(job).state == "pending"


def test_a_job_that_waits_out_its_backoff_is_left_alone(master: Master, lab: Lab) -> None:
    lab.node()
    lab.job(not_before=now() + timedelta(seconds=60))
    assert placing.place_pending(master, free) == []


def test_who_does_not_lead_places_nothing(master: Master, lab: Lab) -> None:
    lab.node()
    job = lab.job()
    first, second = Leadership(master.db), Leadership(master.db)
    assert first.hold()
    assert not second.hold()
    with pytest.raises(NotLeading):
        placing.place_pending(master, second.fence)
    assert lab.read(job).state == "pending"
    assert len(placing.place_pending(master, first.fence)) == 1


# --- ringing ---


def test_a_start_is_rung_again_until_it_is_claimed(master: Master, lab: Lab, bells: Bells) -> None:
    lab.node()
    job = lab.job()
    ringing.ring_all(master, bells.ring, placing.place_pending(master, free))
    ringing.ring_overdue(master, bells.ring)
    assert len(bells.rung) == 1, "it was rung a moment ago"
    lab.change(lambda session: session.execute(update(Member).values(rung_at=now() - timedelta(seconds=11))))
    ringing.ring_overdue(master, bells.ring)
    assert [bell.job_id for _, bell in bells.rung] == [job, job]
    assert bells.rung[0] == bells.rung[1], "the same dispatch, so that a doubled bell starts nothing twice"
    lab.bring_to(job, AttemptState.CLAIMED)
    lab.change(lambda session: session.execute(update(Member).values(rung_at=None)))
    ringing.ring_overdue(master, bells.ring)
    assert len(bells.rung) == 2


def test_what_a_dead_broker_did_not_take_stays_overdue(master: Master, lab: Lab, bells: Bells) -> None:
    lab.node()
    lab.job()
    bells.away = True
    ringing.ring_all(master, bells.ring, placing.place_pending(master, free))
    bells.away = False
    ringing.ring_overdue(master, bells.ring)
    assert len(bells.rung) == 1


def test_a_cancellation_is_rung_for_once_it_is_due(master: Master, lab: Lab, bells: Bells) -> None:
    lab.node()
    job = lab.job()
    placing.place_pending(master, free)
    lab.bring_to(job, AttemptState.RUNNING)

    def cancel(session: Session) -> None:
        session.get_one(Job, job).state = JobState.CANCELLING.value
        session.get_one(Member, (job, 1, 0)).rung_at = None

    lab.change(cancel)
    ringing.ring_overdue(master, bells.ring)
    ringing.ring_overdue(master, bells.ring)
    assert [bell.kind for _, bell in bells.rung] == ["cancel"]


# --- reaping ---


@pytest.fixture
def running(master: Master, lab: Lab) -> str:
    lab.node()
    job = lab.job()
    placing.place_pending(master, free)
    lab.bring_to(job, AttemptState.RUNNING)
    return job


def silence(lab: Lab, seconds: float) -> None:
    at = now() - timedelta(seconds=seconds)
    lab.change(lambda session: session.execute(update(Node).values(last_heartbeat_at=at)))
    lab.change(lambda session: session.execute(update(Attempt).values(renewed_at=at, assigned_at=at)))


def test_an_unclaimed_attempt_goes_back_to_the_queue_uncounted(master: Master, lab: Lab) -> None:
    lab.node()
    job = lab.job()
    placing.place_pending(master, free)
    silence(lab, 61)
    reaper.reap(master, free, Pulse(master))
    assert lab.attempt(job).state == "expired"
    assert (lab.read(job).state, lab.read(job).counted_attempts) == ("pending", 0)


def test_a_lost_node_sends_its_job_back_with_a_reason(master: Master, lab: Lab, running: str) -> None:
    silence(lab, 119)
    reaper.reap(master, free, Pulse(master))
    assert lab.attempt(running).state == "running"
    silence(lab, 130)
    reaper.reap(master, free, Pulse(master))
    assert (lab.attempt(running).state, lab.attempt(running).fault) == ("lost", "infra")
    assert lab.read(running).state == "pending"
    with master.db.read() as session:
        told = session.scalars(select(JobEventRow.reason).where(JobEventRow.actor == "scheduler")).all()
    assert "gpu1 was silent for 130 s" in told


def test_a_job_being_cancelled_on_a_lost_node_is_cancelled(master: Master, lab: Lab, running: str) -> None:
    lab.change(lambda session: session.execute(update(Job).values(state=JobState.CANCELLING.value)))
    silence(lab, 130)
    reaper.reap(master, free, Pulse(master))
    assert lab.read(running).state == "cancelled"


def test_a_heartbeat_between_judgement_and_sentence_saves_the_attempt(master: Master, lab: Lab, running: str) -> None:
    """The fence is asked right before the sentence: a stand-in for whatever comes in between."""
    silence(lab, 130)

    def beat(session: Session) -> None:
        session.execute(update(Node).values(last_heartbeat_at=now()))
        session.execute(update(Attempt).values(renewed_at=now()))

    reaper.reap(master, beat, Pulse(master))
    assert lab.attempt(running).state == "running"


def test_a_master_that_stood_still_blames_nobody(
    master: Master, lab: Lab, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulse = Pulse(master)
    silence(lab, 200)
    real = __import__("time").monotonic
    monkeypatch.setattr("app.scheduling.pulse.time.monotonic", lambda: real() + 200)  # stopped for 200 s, then goes on
    reaper.reap(master, free, pulse)
    assert lab.attempt(running).state == "running"
    monkeypatch.setattr("app.scheduling.pulse.time.monotonic", real)
    master.ready_at = now() - timedelta(days=1)
    reaper.reap(master, free, pulse)
    assert lab.attempt(running).state == "lost", "without the pause it would have been over"


# --- closing runs ---


def test_runs_follow_their_jobs(master: Master, lab: Lab, tracking: FakeTracking) -> None:
    states = list(JobState)
    jobs = {state: lab.job(state) for state in states}
    closing.bring_runs_in_line(master, free)
    assert set(tracking.status.values()) == {"FINISHED", "FAILED", "KILLED"}, "what has just begun may be over soon"
    closing.bring_runs_in_line(master, free, settled=0)
    expected = {
        "running": "RUNNING",
        "cancelling": "RUNNING",
        "succeeded": "FINISHED",
        "failed": "FAILED",
        "cancelled": "KILLED",
    }
    assert tracking.status == {jobs[JobState(state)]: status for state, status in expected.items()}
    assert tracking.tags["proteinx.attempt"].isdecimal()
    tracking.calls.clear()
    closing.bring_runs_in_line(master, free, settled=0)
    assert tracking.calls == [], "what is in line is left alone"


def test_success_notes_metrics_and_registers_the_model_once(master: Master, lab: Lab, tracking: FakeTracking) -> None:
    tracking.metrics = {"test_spearman": 0.83}
    job = lab.job(JobState.SUCCEEDED, register_as="gb1")
    closing.bring_runs_in_line(master, free)
    closing.bring_runs_in_line(master, free)
    assert (lab.read(job).metrics, lab.read(job).registered_version) == ({"test_spearman": 0.83}, "1")
    assert tracking.models == {"gb1": [job]}


def test_no_model_is_told_once_and_closes_the_run_all_the_same(
    master: Master, lab: Lab, tracking: FakeTracking
) -> None:
    tracking.has_model = False
    job = lab.job(JobState.SUCCEEDED, register_as="gb1")
    closing.bring_runs_in_line(master, free)
    closing.bring_runs_in_line(master, free)
    assert tracking.status == {job: "FINISHED"}
    with master.db.read() as session:
        events = session.scalars(select(JobEventRow).where(JobEventRow.job_id == job)).all()
    assert [event.kind for event in events] == ["not_registered"]
    assert "logged no model" in events[0].reason


def test_while_mlflow_is_away_nothing_is_noted_and_then_all_is(
    master: Master, lab: Lab, tracking: FakeTracking
) -> None:
    jobs = [lab.job(JobState.SUCCEEDED, register_as="gb1") for _ in range(6)]
    tracking.away = True
    with pytest.raises(Unavailable):
        closing.bring_runs_in_line(master, free)
    assert len(tracking.calls) == 3, "it is not asked for every one of them"
    assert {lab.read(job).run_status for job in jobs} == {"SCHEDULED"}
    tracking.away = False
    closing.bring_runs_in_line(master, free)
    assert {lab.read(job).run_status for job in jobs} == {"FINISHED"}


def test_a_job_that_moves_on_meanwhile_is_brought_in_line_again(
    master: Master, lab: Lab, tracking: FakeTracking
) -> None:
    job = lab.job(JobState.RUNNING)

    def succeed(session: Session) -> None:
        session.execute(update(Job).values(state=JobState.SUCCEEDED.value))

    closing.bring_runs_in_line(master, succeed, settled=0)
    assert (tracking.status[job], lab.read(job).run_status) == ("RUNNING", "RUNNING")
    closing.bring_runs_in_line(master, free)
    assert (tracking.status[job], lab.read(job).run_status) == ("FINISHED", "FINISHED")


# --- upkeep ---


def test_old_samples_are_thinned_and_very_old_ones_go(master: Master, lab: Lab) -> None:
    node = lab.node()
    today, yesterday = now() - timedelta(hours=2), now() - timedelta(hours=30)
    aligned = yesterday - timedelta(seconds=yesterday.timestamp() % 600)

    def add(session: Session) -> None:
        for minute in range(30):
            for start in (today, aligned, now() - timedelta(days=40)):
                session.add(NodeHistory(node_id=node, at=start + timedelta(minutes=minute), sample={}))

    lab.change(add)
    upkeep.thin_history(master)
    upkeep.thin_history(master)
    with master.db.read() as session:
        kept = session.scalars(select(NodeHistory.at).order_by(NodeHistory.at)).all()
    assert len(kept) == 3 + 30
    assert [at - aligned for at in kept[:3]] == [timedelta(0), timedelta(minutes=10), timedelta(minutes=20)]
