"""Small labs, jobs and what runs, for the tests of placement."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.scheduling.capacity import GpuCapacity, GpuGrant, Held, NodeCapacity, PendingJob, Placement
from app.scheduling.holding import give
from proteinx.contracts.jobs import GIB, Resources

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def gpu(uuid: str, gib: int = 24, **changes: object) -> GpuCapacity:
    return replace(GpuCapacity(uuid, gib * GIB, gib * GIB), **changes)


def node(
    name: str, cpus: float = 8, gib: int = 32, gpus: tuple[GpuCapacity, ...] = (), **changes: object
) -> NodeCapacity:
    made = NodeCapacity(f"id-{name}", name, {}, cpus, cpus, gib * GIB, gib * GIB, gpus)
    return replace(made, **changes)


def gpu_node(name: str, count: int, cpus: float = 64) -> NodeCapacity:
    return node(name, cpus=cpus, gpus=tuple(gpu(f"{name}.{index}") for index in range(count)))


FIELDS = ("owner", "duration", "queued_at", "reserved_at", "excluded_nodes", "not_before")


def job(name: str, age: float = 0, priority: int = 0, **wanted: object) -> PendingJob:
    """`wanted`: resources, and what else a waiting job has."""
    own = {key: wanted.pop(key) for key in FIELDS if key in wanted}
    return PendingJob(name, priority, NOW - timedelta(seconds=age), Resources(memory=0, **wanted), **own)


def where(placements: list[Placement]) -> dict[str, list[str]]:
    return {p.job_id: [m.node_id.removeprefix("id-") for m in p.members] for p in placements}


def held(name: str, on: NodeCapacity, *indexes: int, ends: float | None = None, **changes: object) -> Held:
    """A running job on these GPUs of a node; it ends in so many seconds at the latest."""
    grants = tuple(GpuGrant(on.gpus[index].uuid, 0, on.gpus[index].memory_total) for index in indexes)
    ends_at = None if ends is None else NOW + timedelta(seconds=ends)
    made = Held(name, on.id, 1.0, 0, grants, ends_at, started_at=NOW - timedelta(seconds=600), preemptible=True)
    return replace(made, **changes)


def busy(nodes: list[NodeCapacity], running: list[Held]) -> list[NodeCapacity]:
    """The nodes with what runs taken off them."""
    return give(nodes, running, -1)
