"""Who runs where: a pure function from what waits and what is free to places.

Strict order (priority, then age), best fit, all members of a job or none. A job that does not fit is passed over, and
those behind it may go ahead.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.scheduling.capacity import (
    GpuCapacity,
    GpuGrant,
    MemberPlacement,
    NodeCapacity,
    PendingJob,
    Placement,
)
from proteinx.contracts.jobs import Resources

GIB = 1024**3
CPU_GRAIN = 1e-6
"""CPUs are fractions; sums of them are compared with this tolerance."""

__all__ = [
    "GpuCapacity",
    "GpuGrant",
    "MemberPlacement",
    "NodeCapacity",
    "PendingJob",
    "Placement",
    "could_ever_fit",
    "explain",
    "place",
]


def place(pending: Sequence[PendingJob], nodes: Sequence[NodeCapacity], now: datetime) -> list[Placement]:
    """Places for as many jobs as fit, in the order in which they are to be given out."""
    free = {node.id: node for node in nodes if node.accepting}
    placements: list[Placement] = []
    hopeless: set[tuple[str, frozenset[str]]] = set()  # room only shrinks in one pass, so what failed once fails again
    for job in in_order(pending):
        shape = (job.resources.model_dump_json(), job.excluded_nodes)
        if (job.not_before is not None and job.not_before > now) or shape in hopeless:
            continue
        members = _members(job, list(free.values()))
        if members is None:
            hopeless.add(shape)
            continue
        for member in members:
            free[member.node_id] = _take(free[member.node_id], member)
        placements.append(Placement(job.id, members))
    return placements


def in_order(pending: Sequence[PendingJob]) -> list[PendingJob]:
    """The queue: higher priority first, then the older job."""
    return sorted(pending, key=lambda job: (-job.priority, job.created_at, job.id))


def could_ever_fit(resources: Resources, nodes: Sequence[NodeCapacity]) -> bool:
    """Whether these nodes, all idle and accepting, would hold such a job."""
    able = [node for node in nodes if shortage(resources, node.idle()) is None]
    return len(able) >= resources.nodes


def explain(job: PendingJob, nodes: Sequence[NodeCapacity]) -> dict[str, str]:
    """For each node, by name: why this job is not there, as the rest of a sentence that begins with the node."""
    return {node.name: _reason(job, node, nodes) for node in nodes}


def _reason(job: PendingJob, node: NodeCapacity, nodes: Sequence[NodeCapacity]) -> str:
    if not node.accepting:
        return node.why_not or "takes no jobs now"
    if node not in candidates(job, [other for other in nodes if other.accepting]):
        return "is avoided, since an attempt of this job failed there"
    lacking = shortage(job.resources, node)
    if lacking is not None:
        return lacking
    if job.resources.nodes > 1:
        return f"has room for one of the {job.resources.nodes} members; the others wait for nodes of their own"
    return "has room"


def candidates(job: PendingJob, nodes: Sequence[NodeCapacity]) -> list[NodeCapacity]:
    """The nodes this job may use: without the excluded ones, unless it could never run on the others alone."""
    if not job.excluded_nodes:
        return list(nodes)
    others = [node for node in nodes if node.id not in job.excluded_nodes]
    return others if could_ever_fit(job.resources, others) else list(nodes)


def shortage(resources: Resources, node: NodeCapacity) -> str | None:
    """What `node` lacks for one member, or None if it fits."""
    for key, value in resources.labels.items():
        if node.labels.get(key) != value:
            return f"lacks the label {key}={value}"
    for asked, free, total, what in (
        (resources.cpus, node.cpus_free, node.cpus_total, "CPUs"),
        (resources.memory / GIB, node.memory_free / GIB, node.memory_total / GIB, "GiB of memory"),
    ):
        if asked > total + CPU_GRAIN:
            return f"has {total:g} {what} in all, the job asks for {asked:g}"
        if asked > free + CPU_GRAIN:
            return f"has {free:.3g} of {total:.4g} {what} free, the job asks for {asked:g}"
    return _gpu_shortage(resources, node)


def _gpu_shortage(resources: Resources, node: NodeCapacity) -> str | None:
    if resources.gpus == 0:
        return None
    suitable = [gpu for gpu in node.gpus if gpu.memory_total >= resources.gpu_memory]
    kind = f"GPUs with {resources.gpu_memory / GIB:.3g} GiB" if resources.gpu_memory else "GPUs"
    if len(suitable) < resources.gpus:
        return f"has {len(suitable)} {kind} in all, the job asks for {resources.gpus}"
    open_ = len(_open_gpus(resources, node))
    if open_ < resources.gpus:
        return f"has {open_} of {len(suitable)} {kind} free, the job asks for {resources.gpus}"
    return None


def _shares(resources: Resources) -> bool:
    """Sharing is by declared memory: a job that declares none gets whole GPUs."""
    return resources.gpu_share and resources.gpu_memory > 0


def _open_gpus(resources: Resources, node: NodeCapacity) -> list[GpuCapacity]:
    """GPUs that can be given now, the tightest fit first; among shared ones those that are in use already."""
    if _shares(resources):
        fitting = [gpu for gpu in node.gpus if gpu.memory_free >= resources.gpu_memory]
        return sorted(fitting, key=lambda gpu: (not gpu.slots_used, gpu.memory_free))
    fitting = [gpu for gpu in node.gpus if not gpu.slots_used and gpu.memory_total >= resources.gpu_memory]
    return sorted(fitting, key=lambda gpu: gpu.memory_total)


def _members(job: PendingJob, nodes: list[NodeCapacity]) -> tuple[MemberPlacement, ...] | None:
    fitting = [node for node in candidates(job, nodes) if shortage(job.resources, node) is None]
    if len(fitting) < job.resources.nodes:
        return None
    fitting.sort(key=lambda node: _looseness(job.resources, node))
    return tuple(_member(rank, job.resources, node) for rank, node in enumerate(fitting[: job.resources.nodes]))


def _looseness(resources: Resources, node: NodeCapacity) -> tuple[int, float, int, str]:
    """Best fit: leave the fewest free GPUs, then CPUs, then memory, so that large gaps stay large."""
    free_gpus = sum(1 for gpu in node.gpus if not gpu.slots_used)
    return (free_gpus, node.cpus_free, node.memory_free, node.name)


def _member(rank: int, resources: Resources, node: NodeCapacity) -> MemberPlacement:
    grants = tuple(_grant(resources, gpu) for gpu in _open_gpus(resources, node)[: resources.gpus])
    return MemberPlacement(rank, node.id, resources.cpus, resources.memory, grants)


def _grant(resources: Resources, gpu: GpuCapacity) -> GpuGrant:
    if not _shares(resources):
        return GpuGrant(gpu.uuid, 0, gpu.memory_total)
    slot = next(number for number in range(len(gpu.slots_used) + 1) if number not in gpu.slots_used)
    return GpuGrant(gpu.uuid, slot, resources.gpu_memory)


def _take(node: NodeCapacity, member: MemberPlacement) -> NodeCapacity:
    grants = {grant.uuid: grant for grant in member.gpus}
    gpus = tuple(_taken(gpu, grants.get(gpu.uuid)) for gpu in node.gpus)
    return replace(
        node, cpus_free=node.cpus_free - member.cpus, memory_free=node.memory_free - member.memory, gpus=gpus
    )


def _taken(gpu: GpuCapacity, grant: GpuGrant | None) -> GpuCapacity:
    if grant is None:
        return gpu
    return replace(gpu, memory_free=gpu.memory_free - grant.memory, slots_used=gpu.slots_used | {grant.slot})
