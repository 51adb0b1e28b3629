"""Whether a node has room for one member of a job, and in words what it lacks."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.scheduling.capacity import GpuCapacity, NodeCapacity, PendingJob
from app.scheduling.environments import kind_of
from proteinx.contracts.jobs import GIB, Resources
from proteinx.contracts.phrases import say

CPU_GRAIN = 1e-6
"""CPUs are fractions; sums of them are compared with this tolerance."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a job asks for, as a key: jobs of equal need are looked for once in a pass."""

    gpus: int
    gpu_memory: int
    shares: bool
    """Sharing is by declared memory: a job that declares none gets whole GPUs."""
    cpus: float
    memory: int
    nodes: int
    labels: tuple[tuple[str, str], ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, resources: Resources) -> "Need":
        return cls(
            resources.gpus,
            resources.gpu_memory,
            resources.gpu_share and resources.gpu_memory > 0,
            resources.cpus,
            resources.memory,
            resources.nodes,
            tuple(sorted(resources.labels.items())) if resources.labels else (),
            tuple(sorted(resources.node_names)) if resources.node_names else (),
        )


def could_ever_fit(resources: Resources, nodes: Sequence[NodeCapacity]) -> bool:
    """Whether these nodes, all idle and accepting, would hold such a job."""
    able = [node for node in nodes if shortage(resources, node.idle()) is None]
    return len(able) >= resources.nodes


def candidates(job: PendingJob, nodes: Sequence[NodeCapacity]) -> list[NodeCapacity]:
    """The nodes this job may use: without the excluded ones, unless it could never run on the others alone."""
    if not job.excluded_nodes:
        return list(nodes)
    others = [node for node in nodes if node.id not in job.excluded_nodes]
    return others if could_ever_fit(job.resources, others) else list(nodes)


def shortage(resources: Resources, node: NodeCapacity) -> str | None:
    """What `node` lacks for one member, or None if it fits."""
    if resources.node_names and node.name not in resources.node_names:
        return say("not_named")
    for key, value in resources.labels.items():
        if node.labels.get(key) != value:
            kind = kind_of(key)
            return say("gives_none", environment=kind) if kind else say("lacks_label", label=f"{key}={value}")
    for asked, free, total, lacking, taken in (
        (resources.cpus, node.cpus_free, node.cpus_total, "too_few_cpus", "cpus_taken"),
        (resources.memory / GIB, node.memory_free / GIB, node.memory_total / GIB, "too_little_memory", "memory_taken"),
    ):
        if asked > total + CPU_GRAIN:
            return say(lacking, total=f"{total:g}", asked=f"{asked:g}")
        if asked > free + CPU_GRAIN:
            return say(taken, free=f"{free:.3g}", total=f"{total:.4g}", asked=f"{asked:g}")
    return _gpu_shortage(resources, node)


def _gpu_shortage(resources: Resources, node: NodeCapacity) -> str | None:
    if resources.gpus == 0:
        return None
    suitable = [gpu for gpu in node.gpus if gpu.memory_total >= resources.gpu_memory]
    size = f"{resources.gpu_memory / GIB:.3g}"
    told: dict[str, object] = {"total": len(suitable), "memory": size, "asked": resources.gpus}
    if len(suitable) < resources.gpus:
        return say("too_few_large_gpus" if resources.gpu_memory else "too_few_gpus", **told)
    open_ = sum(1 for gpu in suitable if _is_open(resources, gpu))
    if open_ < resources.gpus:
        return say("large_gpus_taken" if resources.gpu_memory else "gpus_taken", free=open_, **told)
    return None


def _is_open(resources: Resources, gpu: GpuCapacity) -> bool:
    if resources.gpu_share and resources.gpu_memory > 0:
        return gpu.memory_free >= resources.gpu_memory
    return not gpu.slots_used
