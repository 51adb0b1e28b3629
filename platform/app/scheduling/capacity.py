"""What nodes have, what jobs ask and what runs, as plain values: placement reads nothing else."""

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
    owner: str = ""
    duration: float | None = None
    """Seconds that it will hold its place at most (its time limit and grace); None = nobody knows."""
    queued_at: datetime | None = None
    """Since when it waits, if not since it was made: aging counts from here."""
    reserved_at: datetime | None = None
    """Since when room is kept for it: among equals it stays in front until it starts."""


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
    level: int = 0
    """The job's priority with what waiting added to it: it defends its place with it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one member of a running job holds on its node, and until when at the latest."""

    job_id: str
    node_id: str
    cpus: float
    memory: int
    gpus: tuple[GpuGrant, ...] = ()
    ends_at: datetime | None = None
    """None where nobody can know: it has no time limit."""
    priority: int = 0
    """With what waiting had added to it when it was placed: else a job that waited long would be sent back at once."""
    started_at: datetime | None = None
    preemptible: bool = False
    leaving: bool = False
    """It is being ended already, so nobody needs to preempt it."""


@dataclass(frozen=True, slots=True)
class UserState:
    """What one user has had, has now, and may have. Where a limit is None there is none."""

    average: float = 0.0
    """GPUs held on average of late, CPUs counted in: older use weighs less."""
    gpus: int = 0
    jobs: int = 0
    """Held and running now."""
    holding: float = 0.0
    """Held now, in GPUs with CPUs counted in."""
    share: float = 1.0
    """Twice the share: twice as much before others go first."""
    max_gpus: int | None = None
    max_jobs: int | None = None

    @property
    def load(self) -> float:
        return (self.average + self.holding) / self.share


@dataclass(frozen=True, slots=True)
class Reservation:
    """Room kept for a job that has to wait."""

    job_id: str
    starts_at: datetime | None
    """By then at the latest; None where jobs without a time limit are in the way."""
    node_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preemption:
    """A running job that has to make room for another one."""

    job_id: str
    by: str


@dataclass(frozen=True, slots=True)
class Plan:
    placements: list[Placement] = field(default_factory=list)
    """In the order in which they are to be given out."""
    reservations: list[Reservation] = field(default_factory=list)
    preemptions: list[Preemption] = field(default_factory=list)
