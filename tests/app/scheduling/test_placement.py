"""Placement as a pure function: hand-picked cases, then properties over random clusters and queues."""

import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.scheduling.capacity import GpuCapacity, NodeCapacity, PendingJob, Placement
from app.scheduling.fitting import CPU_GRAIN, Need, could_ever_fit, shortage
from app.scheduling.ordering import in_order
from app.scheduling.placement import place as plan
from app.scheduling.policy import Policy
from app.scheduling.reasons import reasons
from app.scheduling.room import Room
from proteinx.contracts.jobs import GIB, Resources
from tests.app.scheduling.cases import NOW, gpu, job, node, where


def place(waiting: list[PendingJob], nodes: list[NodeCapacity], now: datetime, **policy: object) -> list[Placement]:
    return plan(waiting, nodes, now, Policy(**policy)).placements


def test_priority_goes_first_then_age() -> None:
    waiting = [job("young"), job("old", age=9), job("urgent", priority=5), job("low", age=99, priority=-1)]
    assert [one.job.id for one in in_order(waiting, NOW, Policy(), {})] == ["urgent", "old", "young", "low"]
    assert where(place(waiting, [node("a", cpus=2)], NOW)) == {"urgent": ["a"], "old": ["a"]}


def test_what_does_not_fit_lets_others_by() -> None:
    assert where(place([job("big", age=9, cpus=9), job("small")], [node("a")], NOW)) == {"small": ["a"]}


def test_best_fit_keeps_gpu_nodes_for_gpu_jobs() -> None:
    nodes = [node("gpu", gpus=(gpu("g"),)), node("plain")]
    assert where(place([job("c"), job("g", gpus=1)], nodes, NOW)) == {"c": ["plain"], "g": ["gpu"]}


def test_smallest_gpu_that_does_is_taken() -> None:
    cards = (gpu("g80", 80), gpu("g24", 24), gpu("g48", 48))
    [placement] = place([job("j", gpus=1, gpu_memory=30 * GIB)], [node("a", gpus=cards)], NOW)
    [grant] = placement.members[0].gpus
    assert (grant.uuid, grant.slot, grant.memory) == ("g48", 0, 48 * GIB)


def test_labels_and_not_before() -> None:
    a100 = node("b", labels={"gpu": "a100"})
    wants = job("l", labels={"gpu": "a100"})
    later = replace(job("later"), not_before=NOW + timedelta(seconds=1))
    assert where(place([wants, later], [node("a"), a100], NOW)) == {"l": ["b"]}
    assert where(place([later], [node("a")], NOW + timedelta(seconds=1))) == {"later": ["a"]}


def test_a_gang_goes_to_nodes_of_its_own_or_nowhere() -> None:
    gang = job("gang", nodes=2, gpus=2)
    pair = (gpu("1"), gpu("2"))
    roomy = node("a", gpus=(gpu("1"), gpu("2"), gpu("3"), gpu("4")))
    assert place([gang], [roomy], NOW) == []
    assert where(place([gang], [roomy, node("b", gpus=tuple(replace(g, uuid="b" + g.uuid) for g in pair))], NOW)) == {
        "gang": ["b", "a"]
    }


def test_sharing_fills_used_gpus_first_and_gives_each_its_slot() -> None:
    share = {"gpus": 1, "gpu_share": True, "gpu_memory": 10 * GIB}
    cards = (gpu("idle"), gpu("used", memory_free=14 * GIB, slots_used=frozenset({0})))
    placements = place([job("a", age=2, **share), job("b", age=1, **share)], [node("n", gpus=cards)], NOW)
    assert [(m.gpus[0].uuid, m.gpus[0].slot) for p in placements for m in p.members] == [("used", 1), ("idle", 0)]
    freed_first = (gpu("used", memory_free=14 * GIB, slots_used=frozenset({1})),)
    [again] = place([job("c", **share)], [node("n", gpus=freed_first)], NOW)
    assert again.members[0].gpus[0].slot == 0


def test_an_exclusive_job_takes_no_shared_gpu_nor_is_its_gpu_shared() -> None:
    used = gpu("g", memory_free=14 * GIB, slots_used=frozenset({1}))
    assert place([job("x", gpus=1)], [node("n", gpus=(used,))], NOW) == []
    sharer = job("s", gpus=1, gpu_share=True, gpu_memory=GIB)
    both = place([job("x", age=1, gpus=1), sharer], [node("n", gpus=(gpu("g"),))], NOW)
    assert where(both) == {"x": ["n"]}


def test_sharing_without_declared_memory_gets_the_whole_gpu() -> None:
    [placement] = place([job("s", gpus=1, gpu_share=True)], [node("n", gpus=(gpu("g"),))], NOW)
    assert placement.members[0].gpus[0].memory == 24 * GIB


def test_an_excluded_node_is_avoided_but_better_than_none() -> None:
    burnt = replace(job("j"), excluded_nodes=frozenset({"id-a"}))
    assert where(place([burnt], [node("a"), node("b")], NOW)) == {"j": ["b"]}
    assert where(place([burnt], [node("a")], NOW)) == {"j": ["a"]}
    busy = node("b", cpus_free=0.0)
    assert place([burnt], [node("a"), busy], NOW) == [], "it waits for the other node, which is only busy"
    too_small = node("b", cpus=0.5)
    assert where(place([burnt], [node("a"), too_small], NOW)) == {"j": ["a"]}
    assert where(place([burnt], [node("a"), replace(busy, accepting=False)], NOW)) == {"j": ["a"]}


ONE_GPU = node("n", gpus=(gpu("g"),))
ONE_GPU_USED = node("n", gpus=(gpu("g", slots_used=frozenset({0})),))


@pytest.mark.parametrize(
    ("place_", "resources", "told"),
    [
        (node("n", accepting=False, why_not="is draining: new disk"), {}, "is draining: new disk"),
        (node("n"), {"labels": {"zone": "b"}}, "lacks the label zone=b"),
        (node("n"), {"cpus": 9}, "has 8 CPUs in all, the job asks for 9"),
        (node("n", cpus_free=2.5), {"cpus": 4}, "has 2.5 of 8 CPUs free, the job asks for 4"),
        (node("n"), {"memory": 64 * GIB}, "has 32 GiB of memory in all, the job asks for 64"),
        (node("n", memory_free=GIB), {"memory": 4 * GIB}, "has 1 of 32 GiB of memory free, the job asks for 4"),
        (node("n"), {"gpus": 1}, "has 0 GPUs in all, the job asks for 1"),
        (ONE_GPU, {"gpus": 1, "gpu_memory": 30 * GIB}, "has 0 GPUs with 30 GiB in all, the job asks for 1"),
        (ONE_GPU_USED, {"gpus": 1}, "has 0 of 1 GPUs free, the job asks for 1"),
        (node("n"), {}, "has room"),
        (node("n"), {"nodes": 2}, "has room for one of the 2 members; the others wait for nodes of their own"),
    ],
)
def test_explain_says_what_is_lacking(place_: NodeCapacity, resources: dict[str, object], told: str) -> None:
    waiting = PendingJob("j", 0, NOW, Resources(**{"memory": 0, **resources}))
    assert reasons(waiting, [place_]) == {"n": told}


def test_explain_tells_of_a_node_that_is_avoided() -> None:
    burnt = replace(job("j"), excluded_nodes=frozenset({"id-a"}))
    assert reasons(burnt, [node("a"), node("b", cpus_free=0.0)]) == {
        "a": "is avoided, since an attempt of this job failed there",
        "b": "has 0 of 8 CPUs free, the job asks for 1",
    }


def test_could_ever_fit_looks_past_what_is_busy() -> None:
    full = node("a", cpus_free=0.0, gpus=(gpu("g", memory_free=0, slots_used=frozenset({0})),), accepting=False)
    assert could_ever_fit(Resources(gpus=1, cpus=8), [full])
    assert not could_ever_fit(Resources(gpus=2), [full])
    assert not could_ever_fit(Resources(nodes=2), [full])


def test_ten_thousand_waiting_jobs_on_a_hundred_nodes_take_under_a_second() -> None:
    nodes = [node(f"n{i}", cpus=64, gib=256, gpus=tuple(gpu(f"{i}.{g}") for g in range(8))) for i in range(125)]
    waiting = [job(f"j{i}", age=i, gpus=1 + i % 4, cpus=1 + i % 3) for i in range(10_000)]
    began = time.process_time()
    placements = place(waiting, nodes, NOW)
    assert sum(len(m.gpus) for p in placements for m in p.members) == 1000
    assert time.process_time() - began < 1


# --- properties ---


@st.composite
def clusters(draw: st.DrawFn) -> list[NodeCapacity]:
    nodes = []
    for i in range(draw(st.integers(0, 5))):
        cards = []
        for g in range(draw(st.integers(0, 4))):
            total = draw(st.sampled_from([8, 24, 80])) * GIB
            used = draw(st.sets(st.integers(0, 2), max_size=2))
            free = draw(st.integers(0, total)) if used else total
            cards.append(GpuCapacity(f"{i}.{g}", total, free, frozenset(used)))
        cpus = draw(st.sampled_from([1.0, 4.0, 16.0]))
        memory = draw(st.integers(1, 64)) * GIB
        nodes.append(
            NodeCapacity(
                f"id-{i}",
                f"n{i}",
                draw(st.sampled_from([{}, {"zone": "a"}, {"zone": "b"}])),
                cpus,
                draw(st.floats(0, cpus)),
                memory,
                draw(st.integers(0, memory)),
                tuple(cards),
                accepting=draw(st.booleans()) or draw(st.booleans()),
            )
        )
    return nodes


resources = st.builds(
    Resources,
    gpus=st.integers(0, 3),
    gpu_memory=st.sampled_from([0, 4 * GIB, 20 * GIB]),
    gpu_share=st.booleans(),
    cpus=st.sampled_from([0.1, 0.3, 1.0, 2.0]),
    memory=st.sampled_from([0, GIB, 8 * GIB]),
    nodes=st.integers(1, 3),
    labels=st.sampled_from([{}, {"zone": "a"}]),
    node_names=st.sampled_from([[], [], ["n0", "n1", "n2"]]),
)
queues = st.lists(
    st.tuples(
        st.integers(-2, 2), st.integers(0, 3), resources, st.sets(st.sampled_from(["id-0", "id-1"])), st.booleans()
    ),
    max_size=25,
).map(
    lambda rows: [
        PendingJob(
            f"j{i}",
            priority,
            NOW - timedelta(seconds=age),
            wanted,
            frozenset(excluded),
            NOW + timedelta(seconds=5) if late else None,
        )
        for i, (priority, age, wanted, excluded, late) in enumerate(rows)
    ]
)


@settings(max_examples=300, deadline=None)
@given(queues, clusters())
def test_never_gives_out_more_than_there_is(waiting: list[PendingJob], nodes: list[NodeCapacity]) -> None:
    placements = place(waiting, nodes, NOW)
    by_id = {node.id: node for node in nodes}
    members = [member for placement in placements for member in placement.members]
    for one in nodes:
        here = [member for member in members if member.node_id == one.id]
        assert sum(m.cpus for m in here) <= one.cpus_free + CPU_GRAIN * (len(here) + 1)
        assert sum(m.memory for m in here) <= one.memory_free
        assert one.accepting or not here
        cards = {card.uuid: card for card in one.gpus}
        grants = [grant for member in here for grant in member.gpus]
        assert all(grant.uuid in cards for grant in grants), "a member's GPUs are its own node's"
        assert max(Counter((g.uuid, g.slot) for g in grants).values(), default=1) == 1
        for uuid, card in cards.items():
            on_it = [grant for grant in grants if grant.uuid == uuid]
            assert sum(grant.memory for grant in on_it) <= card.memory_free
            assert not {grant.slot for grant in on_it} & card.slots_used
            if any(grant.memory == card.memory_total for grant in on_it):
                assert len(on_it) == 1
                assert not card.slots_used
    assert all(member.node_id in by_id for member in members)


@settings(max_examples=300, deadline=None)
@given(queues, clusters())
def test_all_members_or_none_each_as_asked(waiting: list[PendingJob], nodes: list[NodeCapacity]) -> None:
    jobs = {one.id: one for one in waiting}
    by_id = {node.id: node for node in nodes}
    placements = place(waiting, nodes, NOW)
    assert len({p.job_id for p in placements}) == len(placements)
    for placement in placements:
        asked = jobs[placement.job_id]
        assert asked.not_before is None
        assert [m.rank for m in placement.members] == list(range(asked.resources.nodes))
        assert len({m.node_id for m in placement.members}) == asked.resources.nodes
        for member in placement.members:
            assert (member.cpus, member.memory) == (asked.resources.cpus, asked.resources.memory)
            assert len({grant.uuid for grant in member.gpus}) == asked.resources.gpus
            assert all(grant.memory >= asked.resources.gpu_memory for grant in member.gpus)
            assert shortage(asked.resources, by_id[member.node_id]) is None


@settings(max_examples=200, deadline=None)
@given(queues, clusters())
def test_the_first_in_line_gets_a_place_whenever_there_is_one(
    waiting: list[PendingJob], nodes: list[NodeCapacity]
) -> None:
    ready = [one.job for one in in_order(waiting, NOW, Policy(), {}) if one.job.not_before is None]
    if not ready:
        return
    alone = place(ready[:1], nodes, NOW)
    assert place(waiting, nodes, NOW)[: len(alone)] == alone


@settings(max_examples=200, deadline=None)
@given(queues, clusters())
def test_nothing_that_fits_is_left_waiting(waiting: list[PendingJob], nodes: list[NodeCapacity]) -> None:
    placements = place(waiting, nodes, NOW, reservations=0)
    free = {one.id: one for one in nodes}
    for placement in placements:
        for member in placement.members:
            before = free[member.node_id]
            grants = {grant.uuid: grant for grant in member.gpus}
            cards = tuple(
                replace(
                    card,
                    memory_free=card.memory_free - grants[card.uuid].memory,
                    slots_used=card.slots_used | {grants[card.uuid].slot},
                )
                if card.uuid in grants
                else card
                for card in before.gpus
            )
            free[member.node_id] = replace(
                before,
                cpus_free=before.cpus_free - member.cpus,
                memory_free=before.memory_free - member.memory,
                gpus=cards,
            )
    placed = {placement.job_id for placement in placements}
    left = [one for one in waiting if one.id not in placed]
    assert place(left, list(free.values()), NOW, reservations=0) == []


@settings(max_examples=300, deadline=None)
@given(resources, clusters())
def test_quick_and_explained_fit_agree(wanted: Resources, nodes: list[NodeCapacity]) -> None:
    need = Need.of(wanted)
    for one in nodes:
        room = Room(one)
        assert (room.suits(need) and room.fits(need)) == (shortage(wanted, one) is None)
        idle = Room(one, idle=True)
        assert (idle.suits(need) and idle.fits(need)) == (shortage(wanted, one.idle()) is None)
