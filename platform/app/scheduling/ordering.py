"""The queue: priority first, lifted by waiting; among equals who has had less; then who came first."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.scheduling.capacity import PendingJob, UserState
from app.scheduling.policy import Policy
from proteinx.contracts.jobs import Resources

SHARED_GPU = 0.5
"""What a place on a shared GPU counts until it is known which GPU it is."""
NOBODY = UserState()


@dataclass(frozen=True, slots=True)
class Ranked:
    job: PendingJob
    level: int
    """Its priority with what waiting adds to it: what it will defend its place with."""


def in_order(
    pending: Sequence[PendingJob], now: datetime, policy: Policy, users: Mapping[str, UserState]
) -> list[Ranked]:
    """All that wait, first in line first.

    Waiting lifts a job to the highest priority that anybody waiting has asked for, never above it: so no stream of
    more important jobs can keep it back for ever, and a long backlog does not overrule the shares.
    """
    if not pending:
        return []
    top = max(job.priority for job in pending)
    levels: dict[int, list[PendingJob]] = defaultdict(list)
    for job in pending:
        levels[job.priority if job.priority == top else level(job, top, now, policy)].append(job)
    loads = {name: user.load for name, user in users.items()}
    ordered: list[Ranked] = []
    for number in sorted(levels, reverse=True):
        ordered += [Ranked(job, number) for job in _within(levels[number], policy, users, loads)]
    return ordered


def level(job: PendingJob, top: int, now: datetime, policy: Policy) -> int:
    """The job's priority with what waiting adds to it."""
    waited = (now - (job.queued_at or job.created_at)).total_seconds()
    return min(top, job.priority + int(max(0.0, waited) // policy.aging_seconds))


def cost(resources: Resources, policy: Policy) -> float:
    """What a job takes of its user's share, in GPUs."""
    gpus = resources.gpus * (SHARED_GPU if resources.gpu_share and resources.gpu_memory else 1.0)
    return resources.nodes * (gpus + resources.cpus / policy.cpus_per_gpu)


def _within(
    jobs: Iterable[PendingJob], policy: Policy, users: Mapping[str, UserState], loads: dict[str, float]
) -> list[PendingJob]:
    """One level. Each job counts for its user as if it ran already, so that users take turns."""
    lines: dict[str, list[PendingJob]] = defaultdict(list)
    ordered = sorted((job for job in jobs if job.reserved_at), key=lambda job: (job.reserved_at, _age(job)))
    for job in ordered:
        _charge(job, policy, users, loads)
    for job in jobs:
        if job.reserved_at is None:
            lines[job.owner if policy.fair_share else ""].append(job)
    for line in lines.values():
        line.sort(key=_age, reverse=True)
    if len(lines) == 1:
        return ordered + next(iter(lines.values()))[::-1]
    heap = [(loads.get(owner, 0.0), _age(line[-1]), owner) for owner, line in lines.items()]
    heapq.heapify(heap)
    while heap:
        _, _, owner = heap[0]
        line = lines[owner]
        job = line.pop()
        ordered.append(job)
        _charge(job, policy, users, loads)
        if line:
            heapq.heapreplace(heap, (loads[owner], _age(line[-1]), owner))
        else:
            heapq.heappop(heap)
    return ordered


def _charge(job: PendingJob, policy: Policy, users: Mapping[str, UserState], loads: dict[str, float]) -> None:
    share = users.get(job.owner, NOBODY).share
    loads[job.owner] = loads.get(job.owner, 0.0) + cost(job.resources, policy) / share


def _age(job: PendingJob) -> tuple[datetime, str]:
    return (job.created_at, job.id)
