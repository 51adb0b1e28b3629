"""What nodes have and what jobs ask, as plain values: placement reads nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from proteinx.contracts.jobs import Resources


@dataclass(frozen=True, slots=True)
class GpuCapacity:
    """One usable GPU; those with a stranger's process on them, or gone, are not listed."""

    uuid: str
    memory_total: int
    memory_free: int
    """Bytes that no live allocation has been promised; an exclusive one is promised all."""
    slots_used: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class NodeCapacity:
    id: str
    name: str
    labels: Mapping[str, str]
    cpus_total: float
    cpus_free: float
    memory_total: int
    memory_free: int
    gpus: tuple[GpuCapacity, ...] = ()
    accepting: bool = True
    why_not: str = ""
    """A sentence for people where `accepting` is false: `is draining: new disk`, `has been silent for 40 s`."""

    def idle(self) -> "NodeCapacity":
        """The same node with nothing on it."""
        gpus = tuple(replace(gpu, memory_free=gpu.memory_total, slots_used=frozenset()) for gpu in self.gpus)
        return replace(self, cpus_free=self.cpus_total, memory_free=self.memory_total, gpus=gpus)


@dataclass(frozen=True, slots=True)
class PendingJob:
    id: str
    priority: int
    created_at: datetime
    resources: Resources
    excluded_nodes: frozenset[str] = frozenset()
    """Nodes where it failed through no fault of its own: avoided while another node can take it."""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class GpuGrant:
    uuid: str
    slot: int
    """0 for the whole GPU; jobs that share one have a slot each."""
    memory: int
    """Bytes promised: all of the GPU's where it is not shared."""


@dataclass(frozen=True, slots=True)
class MemberPlacement:
    rank: int
    node_id: str
    cpus: float
    memory: int
    gpus: tuple[GpuGrant, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where each member of one job's next attempt goes, each on a node of its own."""

    job_id: str
    members: tuple[MemberPlacement, ...] = field(default=())
