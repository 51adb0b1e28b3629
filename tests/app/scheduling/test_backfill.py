"""Room kept for those in front, and who may pass them."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.scheduling.capacity import Held, NodeCapacity, PendingJob, Plan
from app.scheduling.forecast import starts_at
from app.scheduling.placement import place
from app.scheduling.policy import FIRST_COME, Policy
from app.scheduling.reasons import reasons
from proteinx.contracts.jobs import Resources
from tests.app.scheduling.cases import NOW, busy, gpu_node, held, job, node, where


def planned(waiting: list[PendingJob], nodes: list[NodeCapacity], running: list[Held], **policy: object) -> Plan:
    return place(waiting, busy(nodes, running), NOW, replace(Policy(), **policy), running=running)


def at(seconds: float) -> object:
    return NOW + timedelta(seconds=seconds)


FOUR = gpu_node("n", 4)
BIG = job("big", age=99, gpus=4, duration=1000)


def test_the_one_in_front_that_must_wait_knows_when_it_starts() -> None:
    running = [held("r1", FOUR, 0, 1, ends=100), held("r2", FOUR, 2, ends=300)]
    plan = planned([BIG], [FOUR], running)
    assert plan.placements == []
    [reservation] = plan.reservations
    assert (reservation.job_id, reservation.starts_at, reservation.node_ids) == ("big", at(300), ("id-n",))


def test_only_who_is_gone_by_then_may_pass() -> None:
    running = [held("r1", FOUR, 0, 1, ends=100), held("r2", FOUR, 2, ends=300)]
    short, long, endless = (
        job(name, gpus=1, duration=length) for name, length in (("s", 300), ("l", 301), ("e", None))
    )
    assert where(planned([BIG, short], [FOUR], running).placements) == {"s": ["n"]}
    assert planned([BIG, long], [FOUR], running).placements == []
    assert planned([BIG, endless], [FOUR], running).placements == []
    assert planned([BIG, short], [FOUR], running, backfill=False).placements == []


def test_a_long_job_may_take_what_the_one_in_front_does_not_need() -> None:
    """Three GPUs become free in time and it needs two: so the one that is free now may go to anybody."""
    running = [held("r", FOUR, 0, 1, 2, ends=100)]
    two = job("two", age=99, gpus=2, duration=1000)
    plan = planned([two, job("long", gpus=1)], [FOUR], running)
    assert where(plan.placements) == {"long": ["n"]}
    [placement] = plan.placements
    assert placement.members[0].gpus[0].uuid == "n.3"


def test_cpus_and_memory_are_kept_too() -> None:
    box = node("n", cpus=8)
    running = [Held("r", box.id, 6.0, 0, ends_at=at(100))]
    front = job("front", age=9, cpus=7, duration=50)
    assert planned([front, job("one", cpus=1)], [box], running).placements != []
    assert planned([front, job("two", cpus=2)], [box], running).placements == []
    assert where(planned([front, job("short", cpus=2, duration=100)], [box], running).placements) == {"short": ["n"]}
    assert planned([front, job("a", cpus=1), job("b", age=-1, cpus=1)], [box], running).placements[1:] == []


def test_a_gang_waits_for_the_nodes_that_are_free_first() -> None:
    nodes = [gpu_node("a", 2), gpu_node("b", 2), gpu_node("c", 2)]
    running = [held("ra", nodes[0], 0, ends=500), held("rb", nodes[1], 0, ends=100), held("rc", nodes[2], 1, ends=200)]
    gang = job("gang", age=9, nodes=2, gpus=2)
    plan = planned([gang, job("long", gpus=1)], nodes, running)
    [reservation] = plan.reservations
    assert (set(reservation.node_ids), reservation.starts_at) == ({"id-b", "id-c"}, at(200))
    assert where(plan.placements) == {"long": ["a"]}, "the third node is nobody's yet"


def test_where_nobody_knows_when_what_runs_will_end_nobody_passes_on_what_is_needed() -> None:
    running = [held("r", FOUR, 0)]
    plan = planned([BIG, job("short", gpus=1, duration=1)], [FOUR], running)
    assert plan.placements == []
    assert plan.reservations[0].starts_at is None
    two = job("two", age=99, gpus=4, duration=1)
    assert where(planned([two, job("long", gpus=1)], [FOUR, gpu_node("m", 2)], running).placements) == {"long": ["m"]}


def test_what_can_never_start_keeps_nobody_back() -> None:
    never = job("never", age=9, gpus=5)
    plan = planned([never, job("long", gpus=1)], [FOUR, replace(gpu_node("off", 8), accepting=False)], [])
    assert (plan.reservations, where(plan.placements)) == ([], {"long": ["n"]})
    assert planned([never, job("long", gpus=1)], [FOUR], [], backfill=False).placements != []


def test_several_in_front_each_keep_their_room() -> None:
    nodes = [gpu_node("a", 2), gpu_node("b", 2)]
    running = [held("ra", nodes[0], 0, ends=100), held("rb", nodes[1], 0, ends=200)]
    first, second = job("first", age=9, gpus=2, duration=50), job("second", age=8, gpus=2, duration=50)
    plan = planned([first, second, job("long", gpus=1)], nodes, running)
    assert [(one.job_id, one.starts_at) for one in plan.reservations] == [("first", at(100)), ("second", at(200))]
    assert plan.placements == []
    plan = planned([first, second, job("long", gpus=1)], nodes, running, reservations=1)
    assert where(plan.placements) == {"long": ["b"]}


def test_reasons_name_who_the_room_is_kept_for() -> None:
    told = reasons(job("x", gpus=1), [FOUR], {"id-n": "job big"})
    assert told == {"n": "has room that is kept for job big, which is in front and would be delayed"}


# --- forecast ---


def test_the_forecast_plays_the_queue_forward() -> None:
    running = [held("r", FOUR, 0, 1, 2, 3, ends=100)]
    front, behind = job("front", age=9, gpus=4, duration=50), job("behind", gpus=4, duration=10)
    nodes = busy([FOUR], running)

    def forecast(one: PendingJob) -> object:
        return starts_at(one, [front, behind], nodes, NOW, Policy(), running=running, users={})

    assert forecast(front) == at(100)
    assert at(150) <= forecast(behind) < at(151)  # type: ignore[operator]


def test_nobody_knows_where_no_limit_is_declared_or_nothing_fits() -> None:
    running = [held("r", FOUR, 0)]
    assert starts_at(BIG, [BIG], busy([FOUR], running), NOW, Policy(), running=running, users={}) is None
    never = job("never", gpus=9)
    assert starts_at(never, [never], [FOUR], NOW, Policy(), running=[], users={}) is None


# --- properties ---


lengths = st.one_of(st.none(), st.integers(1, 40).map(float))
wants = st.builds(
    Resources, gpus=st.integers(0, 4), cpus=st.sampled_from([1.0, 2.0, 5.0]), memory=st.just(0), nodes=st.integers(1, 2)
)
queues = st.lists(st.tuples(wants, lengths, st.integers(0, 2)), min_size=1, max_size=12).map(
    lambda rows: [
        replace(job(f"j{i}", age=100 - i, priority=priority), resources=wanted, duration=length)
        for i, (wanted, length, priority) in enumerate(rows)
    ]
)
LAB = [gpu_node("a", 4, cpus=8), gpu_node("b", 2, cpus=6), gpu_node("c", 4, cpus=8)]
runs = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.one_of(st.none(), st.integers(1, 30))), max_size=8)


def running_on_lab(drawn: list[tuple[int, int, int | None]]) -> list[Held]:
    taken: dict[tuple[int, int], Held] = {}
    for place_, index, ends in drawn:
        if index < len(LAB[place_].gpus):
            taken[place_, index] = held(f"r{place_}{index}", LAB[place_], index, ends=ends)
    return list(taken.values())


@settings(max_examples=300, deadline=None)
@given(queues, runs)
def test_nobody_who_passes_delays_what_is_kept(
    waiting: list[PendingJob], drawn: list[tuple[int, int, int | None]]
) -> None:
    """Whatever was let by may run to its very end: at the promised time the first in front finds its room."""
    running = running_on_lab(drawn)
    plan = planned(waiting, LAB, running, preemption=False)
    if not plan.reservations or plan.reservations[0].starts_at is None:
        return
    reservation = plan.reservations[0]
    front = next(one for one in waiting if one.id == reservation.job_id)
    lengths_ = {one.id: one.duration for one in waiting}
    still = [one for one in running if one.ends_at is None or one.ends_at > reservation.starts_at]
    for placement in plan.placements:
        length = lengths_[placement.job_id]
        if length is None or NOW + timedelta(seconds=length) > reservation.starts_at:
            still += [Held(placement.job_id, m.node_id, m.cpus, m.memory, m.gpus) for m in placement.members]
    later = place([front], busy(LAB, still), reservation.starts_at, FIRST_COME)
    assert [one.job_id for one in later.placements] == [front.id]


@settings(max_examples=200, deadline=None)
@given(queues, runs)
def test_the_plan_is_the_same_each_time(waiting: list[PendingJob], drawn: list[tuple[int, int, int | None]]) -> None:
    running = running_on_lab(drawn)
    assert planned(waiting, LAB, running) == planned(waiting[::-1], LAB, running[::-1])
