"""What each node has and what of it is free, in three queries however many nodes there are."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.models import Allocation, Gpu, Node
from app.nodes import health
from app.scheduling.capacity import GpuCapacity, NodeCapacity
from app.workdir.service import get_settings
from proteinx.contracts.nodes import NodeState
from proteinx.contracts.system import SystemSettings


def capacity(session: Session, *, in_principle: bool = False) -> list[NodeCapacity]:
    """Every node that was not removed, by name.

    `in_principle`: also GPUs that a stranger's process keeps from being given out just now.
    """
    settings = get_settings(session)
    nodes = session.scalars(select(Node).where(Node.removed_at.is_(None)).order_by(Node.name)).all()
    gpus: dict[str, list[Gpu]] = defaultdict(list)
    for gpu in session.scalars(select(Gpu).where(Gpu.present.is_(True)).order_by(Gpu.index)):
        if in_principle or not gpu.foreign:
            gpus[gpu.node_id].append(gpu)
    held: dict[str, list[Allocation]] = defaultdict(list)
    for allocation in session.scalars(select(Allocation).where(Allocation.released_at.is_(None))):
        held[allocation.node_id].append(allocation)
    return [_capacity(node, gpus[node.id], held[node.id], settings) for node in nodes]


def _capacity(node: Node, gpus: Sequence[Gpu], held: Sequence[Allocation], settings: SystemSettings) -> NodeCapacity:
    why_not = why_closed(node, settings)
    return NodeCapacity(
        id=node.id,
        name=node.name,
        labels=node.info.get("labels", {}) | node.labels,
        cpus_total=float(node.cpus),
        cpus_free=max(0.0, node.cpus - sum(allocation.cpus for allocation in held)),
        memory_total=node.memory_bytes,
        memory_free=max(0, node.memory_bytes - sum(allocation.memory for allocation in held)),
        gpus=tuple(_gpu(gpu, [one for one in held if one.gpu_uuid == gpu.uuid]) for gpu in gpus),
        accepting=why_not is None,
        why_not=why_not or "",
    )


def _gpu(gpu: Gpu, held: Sequence[Allocation]) -> GpuCapacity:
    taken = sum(allocation.gpu_memory for allocation in held)
    slots = frozenset(allocation.slot for allocation in held)
    return GpuCapacity(gpu.uuid, gpu.memory_bytes, max(0, gpu.memory_bytes - taken), slots)


def why_closed(node: Node, settings: SystemSettings) -> str | None:
    """Why nothing new is placed on the node, as the rest of a sentence that begins with its name; None if it may be."""
    reason = f": {node.reason}" if node.reason else ""
    if node.state == NodeState.DRAINING.value:
        return f"is draining{reason}"
    if node.state == NodeState.QUARANTINED.value:
        return f"is quarantined{reason}"
    if node.agent_draining:
        return "is shutting its agent down"
    if node.last_heartbeat_at is None:
        return "has not sent its first heartbeat yet"
    silence = now() - health.last_heard(node)
    if silence > timedelta(seconds=settings.suspect_seconds):
        return f"has been silent for {silence.total_seconds():.0f} s"
    return None
