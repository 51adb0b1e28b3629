"""A made-up but lifelike trace: a few heavy users and many light ones, single trials, sweeps that come all at once, and
gangs; running times from minutes to days, with limits that people set too high."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.scheduling.capacity import GpuCapacity, NodeCapacity, PendingJob
from proteinx.contracts.jobs import GIB, Resources

START: Final = datetime(2026, 11, 2, tzinfo=UTC)
HOUR: Final = 3600.0
KINDS: Final = ((100, 4, 24), (50, 8, 80), (50, 4, 48))
"""Nodes, GPUs on each, GiB of each GPU: 200 nodes, 1,000 GPUs."""


@dataclass(frozen=True, slots=True)
class TracedJob:
    pending: PendingJob
    seconds: float
    """How long it really runs."""


def cluster() -> list[NodeCapacity]:
    nodes: list[NodeCapacity] = []
    for count, gpus, gib in KINDS:
        for _ in range(count):
            name = f"n{len(nodes):03}"
            cards = tuple(GpuCapacity(f"{name}.{index}", gib * GIB, gib * GIB) for index in range(gpus))
            cpus, memory = 16.0 * gpus, 64 * gpus * GIB
            nodes.append(NodeCapacity(name, name, {}, cpus, cpus, memory, memory, cards))
    return nodes


def trace(seed: int, jobs: int = 10_000, users: int = 20, hours: float = 72.0) -> list[TracedJob]:
    """Sorted by when they come; about as much work as 1,000 GPUs can do in `hours`, and a little more at times."""
    rng = random.Random(seed)
    weights = [1 / (rank + 1) for rank in range(users)]
    made: list[TracedJob] = []
    while len(made) < jobs:
        owner = f"u{rng.choices(range(users), weights)[0]:02}"
        at = rng.random() * hours * HOUR
        resources, typical = _resources(rng), min(rng.lognormvariate(9.0, 1.1), 48 * HOUR)
        small = resources.gpus <= 2 and resources.nodes == 1
        size = rng.choice((20, 50, 100)) if small and rng.random() < 0.02 else 1  # a sweep comes all at once
        for _ in range(min(size, jobs - len(made))):
            made.append(_job(rng, len(made), owner, at, resources, typical))
    return sorted(made, key=lambda job: (job.pending.created_at, job.pending.id))


def _resources(rng: random.Random) -> Resources:
    [(nodes, gpus)] = rng.choices(
        ((1, 0), (1, 1), (1, 2), (1, 4), (1, 8), (2, 8), (4, 8)), (6, 60, 16, 10, 6, 1.5, 0.5)
    )
    gib = rng.choices((0, 40, 70), (80, 12, 8))[0] if gpus <= 4 else 0
    return Resources(
        nodes=nodes, gpus=gpus, gpu_memory=gib * GIB, cpus=float(max(4, 6 * gpus)), memory=max(8, 32 * gpus) * GIB
    )


def _job(rng: random.Random, number: int, owner: str, at: float, resources: Resources, typical: float) -> TracedJob:
    seconds = typical * rng.uniform(0.7, 1.3)
    limit = 7 * 24 * HOUR if rng.random() < 0.15 else seconds * rng.uniform(1.1, 3.0)
    priority = rng.choices((0, 5, -5), (85, 10, 5))[0]
    came = START + timedelta(seconds=at)
    pending = PendingJob(f"j{number:05}", priority, came, resources, owner=owner, duration=limit, queued_at=came)
    return TracedJob(pending, seconds)


def gpu_seconds(jobs: Sequence[TracedJob]) -> float:
    return sum(job.seconds * job.pending.resources.gpus * job.pending.resources.nodes for job in jobs)
