"""Placement over a trace of 10,000 jobs on 200 nodes with 1,000 GPUs, beside plain first come, first served."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from app.scheduling.placement import place
from app.scheduling.policy import FIRST_COME, Policy
from benchmarks.figures import Figure, percentile
from benchmarks.simulator.simulation import Done, Simulation
from benchmarks.simulator.trace import START, cluster, trace

SEED: Final = 20261102
PASS_TARGET: Final = 0.2
SHORTEST: Final = 600.0
"""Seconds: a shorter job counts as one of these in its slowdown, as is usual (bounded slowdown)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    utilisation: float
    """Part of all GPU time that jobs held, until the last job came; what a preempted one runs again is in it."""
    mean_wait: float
    p95_wait: float
    fairness: float
    makespan: float
    preempted: int
    p99_pass: float


def measure() -> list[Figure]:
    ours, plain = outcome(Policy()), outcome(FIRST_COME)
    first, worst = one_pass()
    rows = (
        ("GPUs in use until the last job came", "utilisation", "{:.1%}", ours.utilisation >= plain.utilisation),
        ("wait, mean", "mean_wait", "{:.0f} s", ours.mean_wait <= plain.mean_wait),
        ("wait, 95th percentile", "p95_wait", "{:.0f} s", ours.p95_wait <= plain.p95_wait),
        ("fairness: Jain's index over users' slowdown", "fairness", "{:.3f}", ours.fairness >= plain.fairness),
        ("all done after", "makespan", "{:.0f} s", ours.makespan <= plain.makespan),
        ("jobs sent back to the queue", "preempted", "{}", None),
    )
    figures = [
        Figure(
            what,
            form.format(getattr(ours, name)),
            f"first come {form.format(getattr(plain, name))}",
            "as good or better" if good is not None else "",
            good,
        )
        for what, name, form, good in rows
    ]
    speed = f"{first * 1000:.0f} ms; nothing free {worst * 1000:.0f} ms"
    target = f"{PASS_TARGET * 1000:.0f} ms"
    figures.append(Figure("one pass, 10,000 waiting, all free", speed, "", target, max(first, worst) <= PASS_TARGET))
    return figures


def outcome(policy: Policy, jobs: int = 10_000, seed: int = SEED) -> Outcome:
    simulation, traced = Simulation(policy, cluster()), trace(seed, jobs)
    simulation.run(traced)
    assert len(simulation.done) == len(traced)
    waits = [done.waited for done in simulation.done]
    return Outcome(
        utilisation=utilisation(simulation.done, (traced[-1].pending.created_at - START).total_seconds()),
        mean_wait=sum(waits) / len(waits),
        p95_wait=percentile(waits, 95),
        fairness=jain(slowdowns(simulation.done)),
        makespan=max((done.ended_at - START).total_seconds() for done in simulation.done),
        preempted=sum(done.preempted for done in simulation.done),
        p99_pass=percentile(simulation.passes, 99),
    )


def utilisation(done: Sequence[Done], seconds: float) -> float:
    until = START + timedelta(seconds=seconds)
    used = sum(
        max(0.0, (min(ended, until) - began).total_seconds())
        * one.job.pending.resources.gpus
        * one.job.pending.resources.nodes
        for one in done
        for began, ended in one.runs
    )
    return used / (seconds * sum(len(node.gpus) for node in cluster()))


def slowdowns(done: Sequence[Done]) -> list[float]:
    """Each user's mean of (waited + ran) / ran."""
    by_user: dict[str, list[float]] = defaultdict(list)
    for one in done:
        ran = max(one.job.seconds, SHORTEST)
        by_user[one.job.pending.owner].append((one.waited + ran) / ran)
    return [sum(values) / len(values) for values in by_user.values()]


def jain(values: Sequence[float]) -> float:
    """1 = all alike, 1/n = one has it all (R. Jain et al., DEC-TR-301, 1984)."""
    return sum(values) ** 2 / (len(values) * sum(value * value for value in values))


def one_pass() -> tuple[float, float]:
    """Seconds for 10,000 waiting jobs: on an idle cluster, and on what that pass leaves of it."""
    nodes = cluster()
    waiting = [replace(job.pending, created_at=START, queued_at=START) for job in trace(SEED)]
    began = time.perf_counter()
    plan = place(waiting, nodes, START, Policy())
    first = time.perf_counter() - began
    simulation = Simulation(Policy(), nodes)
    for job in trace(SEED):
        simulation._enqueue(job)
    simulation._pass()
    simulation._pass()
    assert plan.placements
    return first, simulation.passes[1]
