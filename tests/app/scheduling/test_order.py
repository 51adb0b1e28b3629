"""Who is in front: priority, waiting, shares; and what a quota keeps back."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.scheduling.capacity import PendingJob, UserState
from app.scheduling.ordering import in_order
from app.scheduling.placement import place
from app.scheduling.policy import FIRST_COME, Policy
from tests.app.scheduling.cases import NOW, gpu_node, job, node, where

HOUR = 3600.0


def order(
    waiting: list[PendingJob], users: dict[str, UserState] | None = None, policy: Policy | None = None
) -> list[str]:
    return [one.job.id for one in in_order(waiting, NOW, policy or Policy(), users or {})]


def test_users_of_equal_priority_take_turns() -> None:
    waiting = [job(f"a{i}", age=100 - i, owner="ana", gpus=1) for i in range(3)]
    waiting += [job(f"b{i}", age=10 - i, owner="bo", gpus=1) for i in range(3)]
    assert order(waiting) == ["a0", "b0", "a1", "b1", "a2", "b2"]
    assert order(waiting, policy=FIRST_COME) == ["a0", "a1", "a2", "b0", "b1", "b2"]


def test_who_has_had_less_goes_first() -> None:
    waiting = [job("a", age=9, owner="ana", gpus=1), job("b", owner="bo", gpus=1)]
    assert order(waiting, {"ana": UserState(average=3.0), "bo": UserState(average=2.0)}) == ["b", "a"]
    assert order(waiting, {"ana": UserState(holding=3.0), "bo": UserState(average=2.0)}) == ["b", "a"]
    assert order(waiting, {"ana": UserState(average=3.0, share=2.0), "bo": UserState(average=2.0)}) == ["a", "b"]


def test_large_jobs_weigh_more_than_small_ones() -> None:
    waiting = [job(f"a{i}", age=10 - i, owner="ana", gpus=4) for i in range(2)]
    waiting += [job(f"b{i}", age=1, owner="bo", gpus=1) for i in range(4)]
    assert order(waiting) == ["a0", "b0", "b1", "b2", "b3", "a1"]


def test_priority_overrules_shares_and_waiting_lifts_no_higher_than_what_others_asked_for() -> None:
    old, urgent = job("old", age=2.5 * HOUR, owner="ana"), job("urgent", owner="bo", priority=3)
    rich = {"bo": UserState(average=100.0)}
    assert order([old, urgent], rich) == ["urgent", "old"]
    older = job("older", age=3 * HOUR, owner="ana")
    assert order([older, urgent], rich) == ["older", "urgent"], "at the same level now, and the shares decide"
    backlog = [job(f"b{i}", age=99 * HOUR, owner="bo") for i in range(3)]
    assert order([*backlog, job("new", owner="ana")], rich)[0] == "new", "a long backlog does not overrule the shares"


def test_a_job_that_came_back_ages_from_its_return_but_keeps_its_place_among_its_users_own() -> None:
    back = job("back", age=9 * HOUR, queued_at=NOW)
    assert order([job("urgent", priority=1), back]) == ["urgent", "back"]
    assert order([job("later"), back]) == ["back", "later"]


def test_a_job_that_room_is_kept_for_stays_in_front_of_its_equals() -> None:
    kept = job("kept", owner="ana", reserved_at=NOW)
    assert order([job("b", age=9, owner="bo"), kept], {"ana": UserState(average=5.0)}) == ["kept", "b"]
    assert order([job("b", owner="bo", priority=1), kept]) == ["b", "kept"]


def test_a_quota_of_gpus_and_of_running_jobs_keeps_back_only_its_user() -> None:
    waiting = [job(f"a{i}", age=100 - i, owner="ana", gpus=2) for i in range(3)] + [job("b", owner="bo", gpus=2)]
    nodes = [gpu_node("n", 8)]
    limited = {"ana": UserState(gpus=1, max_gpus=4)}
    assert list(where(place(waiting, nodes, NOW, users=limited).placements)) == ["a0", "b"]
    limited = {"ana": UserState(jobs=1, max_jobs=3)}
    assert set(where(place(waiting, nodes, NOW, users=limited).placements)) == {"a0", "a1", "b"}
    assert place(waiting[:1], [gpu_node("n", 1)], NOW, users={"ana": UserState(max_gpus=1)}).reservations == []


def test_a_job_without_gpus_is_not_kept_back_by_a_quota_of_gpus() -> None:
    users = {"ana": UserState(gpus=4, max_gpus=4)}
    assert where(place([job("a", owner="ana")], [node("n")], NOW, users=users).placements) == {"a": ["n"]}


rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(-1, 2), st.integers(0, 5), st.integers(0, 4), st.booleans()),
    max_size=30,
)


def queue(drawn: list[tuple[str, int, int, int, bool]]) -> list[PendingJob]:
    return [
        job(
            f"j{i}",
            age=hours * HOUR,
            priority=priority,
            owner=owner,
            gpus=gpus,
            reserved_at=NOW - timedelta(seconds=i) if kept and i % 5 == 0 else None,
        )
        for i, (owner, priority, hours, gpus, kept) in enumerate(drawn)
    ]


@settings(max_examples=300, deadline=None)
@given(rows)
def test_the_order_is_the_same_however_the_queue_was_read(drawn: list[tuple[str, int, int, int, bool]]) -> None:
    waiting = queue(drawn)
    assert order(waiting) == order(waiting[::-1])
    assert sorted(order(waiting)) == sorted(one.id for one in waiting)


@settings(max_examples=300, deadline=None)
@given(rows)
def test_equals_keep_their_order(drawn: list[tuple[str, int, int, int, bool]]) -> None:
    """Of two jobs of one user with the same priority, the older one is in front unless room is kept for the other."""
    waiting = queue(drawn)
    places = {name: place for place, name in enumerate(order(waiting))}
    for one in waiting:
        for other in waiting:
            same = (one.owner, one.priority, one.reserved_at) == (other.owner, other.priority, other.reserved_at)
            if same and (one.created_at, one.id) < (other.created_at, other.id):
                assert places[one.id] < places[other.id]


@settings(max_examples=200, deadline=None)
@given(rows, st.integers(0, 6), st.integers(0, 4))
def test_no_quota_is_ever_exceeded(drawn: list[tuple[str, int, int, int, bool]], max_gpus: int, max_jobs: int) -> None:
    waiting = queue(drawn)
    users = {"a": UserState(gpus=1, max_gpus=max_gpus), "b": UserState(jobs=1, max_jobs=max_jobs)}
    placed = {p.job_id for p in place(waiting, [gpu_node("n", 8), gpu_node("m", 8)], NOW, users=users).placements}
    of = {name: [one for one in waiting if one.owner == name and one.id in placed] for name in "ab"}
    taken = sum(one.resources.gpus for one in of["a"])
    assert taken == 0 or 1 + taken <= max_gpus
    assert not of["b"] or 1 + len(of["b"]) <= max_jobs
