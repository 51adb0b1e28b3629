"""Over time: nothing starves, what was promised to the one in front is kept, and users get their shares."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.scheduling.capacity import UserState
from app.scheduling.policy import FIRST_COME, Policy
from benchmarks.scheduling import jain, slowdowns, utilisation
from benchmarks.simulator.simulation import Simulation
from benchmarks.simulator.trace import START, TracedJob, cluster, trace
from proteinx.contracts.jobs import Resources
from tests.app.scheduling.cases import gpu_node, job

LAB = [gpu_node("a", 4), gpu_node("b", 4)]


def coming(number: int, at: float, seconds: float, **wanted: object) -> TracedJob:
    """Its limit is 1.5 times what it takes."""
    came = START + timedelta(seconds=at)
    made = replace(job(f"j{number:03}", duration=seconds * 1.5, **wanted), created_at=came, queued_at=came)
    return TracedJob(made, seconds)


def played(jobs: list[TracedJob], policy: Policy, **quotas: UserState) -> Simulation:
    simulation = Simulation(policy, list(LAB), tick=1.0, quotas=quotas)
    simulation.run(sorted(jobs, key=lambda one: one.pending.created_at))
    return simulation


def test_a_gang_is_not_starved_by_an_endless_stream_of_small_jobs() -> None:
    """Without kept room it would wait until the stream ends: one GPU or another is always taken."""
    stream = [coming(i, i * 13.0, 100.0, gpus=1, owner="bo") for i in range(300)]
    gang = coming(999, 100.0, 50.0, gpus=4, nodes=2, owner="ana")
    kept, not_kept = (
        next(done.waited for done in played([*stream, gang], policy).done if done.job is gang)
        for policy in (Policy(), Policy(reservations=0))
    )
    assert kept <= 150.0 + 2
    assert not_kept > 2000


def test_a_low_priority_is_not_starved_by_an_endless_stream_of_higher_ones() -> None:
    """Nor, once it has its place, sent back by them for ever."""
    stream = [coming(i, i * 10.0, 100.0, gpus=1, priority=2, owner="bo") for i in range(400)]
    low = coming(999, 500.0, 350.0, gpus=1, owner="ana")
    [done] = [one for one in played([*stream, low], Policy(aging_seconds=200.0)).done if one.job is low]
    assert done.waited <= 2 * 200.0 + 100.0
    assert done.preempted == 0


def test_a_backlog_of_one_user_does_not_keep_another_waiting() -> None:
    backlog = [coming(i, 0.0, 100.0, gpus=1, owner="ana") for i in range(200)]
    late = [coming(500 + i, 50.0, 100.0, gpus=1, owner="bo") for i in range(5)]
    ours, plain = played(backlog + late, Policy()), played(backlog + late, Policy(fair_share=False))
    assert max(one.waited for one in ours.done if one.job.pending.owner == "bo") <= 152
    assert min(one.waited for one in plain.done if one.job.pending.owner == "bo") > 2000


def test_quotas_hold_over_time_and_do_not_starve() -> None:
    jobs = [coming(i, float(i), 30.0, gpus=2, owner="ana") for i in range(20)]
    simulation = played(jobs, Policy(), ana=UserState(max_gpus=4))
    assert len(simulation.done) == 20
    moments = [one.started_at for one in simulation.done]
    for moment in moments:
        assert sum(2 for one in simulation.done if one.started_at <= moment < one.ended_at) <= 4


wanted = st.builds(
    Resources, gpus=st.integers(0, 4), cpus=st.sampled_from([1.0, 8.0]), memory=st.just(0), nodes=st.integers(1, 2)
)
jobs = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 100), wanted, st.sampled_from("abc"), st.integers(0, 2)),
    min_size=1,
    max_size=30,
).map(
    lambda rows: [
        TracedJob(
            replace(coming(i, at, seconds, owner=owner, priority=priority).pending, resources=resources), float(seconds)
        )
        for i, (at, seconds, resources, owner, priority) in enumerate(rows)
    ]
)


@settings(max_examples=80, deadline=None)
@given(jobs, st.booleans())
def test_every_job_ends_and_no_promise_to_the_first_in_line_is_broken(made: list[TracedJob], preemption: bool) -> None:
    simulation = played(made, Policy(preemption=preemption, aging_seconds=500.0))
    assert sorted(done.job.pending.id for done in simulation.done) == sorted(one.pending.id for one in made)
    if preemption or len({one.pending.priority for one in made}) > 1:
        return  # one of higher priority may come and go first
    late = {
        done.job.pending.id: done.started_at - simulation.promised[done.job.pending.id]
        for done in simulation.done
        if done.job.pending.id in simulation.promised
    }
    assert all(delay <= timedelta(seconds=2) for delay in late.values()), late


def test_the_trace_in_small_is_fairer_and_at_least_as_well_used_as_first_come_first_served() -> None:
    """The long form is a benchmark; 2,500 jobs show the same."""
    made = trace(seed=7, jobs=2500, hours=10.0)
    results = {}
    for name, policy in (("ours", Policy()), ("plain", FIRST_COME)):
        simulation = Simulation(policy, cluster(), tick=300.0)
        simulation.run(made)
        span = (made[-1].pending.created_at - START).total_seconds()
        results[name] = (jain(slowdowns(simulation.done)), utilisation(simulation.done, span))
    assert results["ours"][0] > results["plain"][0]
    assert results["ours"][1] >= results["plain"][1]
