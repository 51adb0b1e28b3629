"""Whom a more important job sends back to the queue."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.scheduling.capacity import Held, NodeCapacity, PendingJob, Plan
from app.scheduling.placement import LEAVING_SECONDS, place
from app.scheduling.policy import FIRST_COME, Policy
from tests.app.scheduling.cases import NOW, busy, gpu_node, held, job, where

FOUR = gpu_node("n", 4)
URGENT = job("urgent", priority=5, gpus=2)


def planned(waiting: list[PendingJob], nodes: list[NodeCapacity], running: list[Held], **policy: object) -> Plan:
    return place(waiting, busy(nodes, running), NOW, replace(Policy(), **policy), running=running)


def victims(plan: Plan) -> list[str]:
    return sorted(one.job_id for one in plan.preemptions)


def full(**changes: object) -> list[Held]:
    return [held(f"r{index}", FOUR, index, **changes) for index in range(4)]


def test_the_lowest_priority_and_the_youngest_go() -> None:
    running = full()
    running[1] = replace(running[1], priority=-1)
    running[3] = replace(running[3], started_at=NOW)
    plan = planned([URGENT], [FOUR], running)
    assert victims(plan) == ["r1", "r3"]
    assert {one.by for one in plan.preemptions} == {"urgent"}
    [reservation] = plan.reservations
    assert reservation.starts_at is not None
    assert (reservation.starts_at - NOW).total_seconds() == LEAVING_SECONDS


def test_no_more_go_than_must() -> None:
    running = [held("small", FOUR, 0, priority=-2), held("big", FOUR, 1, 2, priority=-1), held("mid", FOUR, 3)]
    assert victims(planned([URGENT], [FOUR], running)) == ["big"], "small alone is not enough, and big alone is"


def test_the_node_with_the_smallest_damage_is_chosen() -> None:
    other = gpu_node("m", 4)
    running = [*full(priority=1), held("x", other, 0, 1, 2, 3, priority=0)]
    assert victims(planned([URGENT], [FOUR, other], running)) == ["x"]


def test_who_is_not_lower_or_not_to_be_disturbed_stays() -> None:
    assert victims(planned([URGENT], [FOUR], full(priority=5))) == []
    assert victims(planned([URGENT], [FOUR], full(preemptible=False))) == []
    assert victims(planned([URGENT], [FOUR], full(), preemption=False)) == []
    assert victims(planned([job("j", gpus=2)], [FOUR], full())) == []


def test_waiting_long_gives_no_right_to_send_others_away() -> None:
    assert victims(planned([job("old", age=10**6, gpus=2), job("x", priority=3, gpus=99)], [FOUR], full())) == []


def test_while_they_leave_nobody_else_is_sent_away_and_nobody_takes_the_room() -> None:
    running = full(ends=10_000)
    running[:2] = [replace(one, leaving=True, ends_at=NOW + timedelta(seconds=30)) for one in running[:2]]
    plan = planned([URGENT, job("s", gpus=1, duration=10**5)], [FOUR], running)
    assert victims(plan) == []
    assert plan.reservations[0].job_id == "urgent"
    gone = running[1:]
    plan = planned([replace(URGENT, reserved_at=NOW), job("s", gpus=1)], [FOUR], gone)
    assert plan.placements == [], "half of its room is there, and is kept for it"
    assert where(planned([URGENT, job("s", gpus=1)], [FOUR], running[2:]).placements) == {"urgent": ["n"]}


def test_a_gang_is_sent_away_whole() -> None:
    other = gpu_node("m", 2)
    running = [held("gang", FOUR, 0, 1, 2, 3), held("gang", other, 0, 1)]
    wide = job("wide", priority=1, nodes=2, gpus=2)
    plan = planned([wide], [FOUR, other], running)
    assert victims(plan) == ["gang"]
    assert set(plan.reservations[0].node_ids) == {"id-n", "id-m"}


def test_what_was_sent_away_cannot_send_the_other_away_in_turn() -> None:
    """It came first and has lower priority: it stays behind, however old it is."""
    victim = job("victim", age=10**6, gpus=2, queued_at=NOW)
    plan = planned([replace(URGENT, reserved_at=NOW), victim], [FOUR], full()[2:])
    assert where(plan.placements) == {"urgent": ["n"]}


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 2), st.booleans(), st.integers(0, 99)), max_size=8),
    st.integers(0, 3),
    st.integers(1, 4),
)
def test_victims_make_room_and_all_were_lower(
    drawn: list[tuple[int, int, bool, int]], priority: int, gpus: int
) -> None:
    taken = {
        index: held(f"r{index}", FOUR, index, priority=low, preemptible=may, ends=ends + 1)
        for index, low, may, ends in drawn
    }
    running = list(taken.values())
    urgent = job("urgent", priority=priority, gpus=gpus)
    plan = planned([urgent], [FOUR], running)
    gone = set(victims(plan))
    by_id = {one.job_id: one for one in running}
    assert all(by_id[name].preemptible and by_id[name].priority < priority for name in gone)
    if gone:
        left = [one for one in running if one.job_id not in gone]
        assert place([urgent], busy([FOUR], left), NOW, FIRST_COME).placements
        for name in gone:
            spared = [one for one in running if one.job_id not in gone - {name}]
            assert not place([urgent], busy([FOUR], spared), NOW, FIRST_COME).placements, "not one too many"
