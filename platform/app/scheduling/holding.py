"""What nodes have free before and after something is placed on them: for playing placement forward."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.scheduling.capacity import GpuCapacity, GpuGrant, Held, NodeCapacity, PendingJob, Placement

GRAIN = timedelta(milliseconds=1)
"""Times are compared; what ends just when something else begins must have ended."""


def held_by(job: PendingJob, placement: Placement, at: datetime, *, preemptible: bool = False) -> list[Held]:
    """What the job's members hold from `at` on."""
    ends_at = None if job.duration is None else at + timedelta(seconds=job.duration) + GRAIN
    return [
        Held(
            job.id,
            member.node_id,
            member.cpus,
            member.memory,
            member.gpus,
            ends_at=ends_at,
            priority=placement.level,
            started_at=at,
            preemptible=preemptible,
        )
        for member in placement.members
    ]


def give(nodes: Sequence[NodeCapacity], held: Sequence[Held], sign: int) -> list[NodeCapacity]:
    """The nodes with that given back (1) or taken (-1)."""
    by_node: dict[str, list[Held]] = {}
    for one in held:
        by_node.setdefault(one.node_id, []).append(one)
    return [_changed(node, by_node[node.id], sign) if node.id in by_node else node for node in nodes]


def _changed(node: NodeCapacity, held: Sequence[Held], sign: int) -> NodeCapacity:
    grants = [grant for one in held for grant in one.gpus]
    return replace(
        node,
        cpus_free=node.cpus_free + sign * sum(one.cpus for one in held),
        memory_free=node.memory_free + sign * sum(one.memory for one in held),
        gpus=tuple(_gpu(gpu, [grant for grant in grants if grant.uuid == gpu.uuid], sign) for gpu in node.gpus),
    )


def _gpu(gpu: GpuCapacity, grants: Sequence[GpuGrant], sign: int) -> GpuCapacity:
    if not grants:
        return gpu
    slots = frozenset(grant.slot for grant in grants)
    used = gpu.slots_used - slots if sign > 0 else gpu.slots_used | slots
    return replace(gpu, memory_free=gpu.memory_free + sign * sum(grant.memory for grant in grants), slots_used=used)
