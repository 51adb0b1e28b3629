"""What each node has and what of it is free, in three queries however many nodes there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.clock import now
from app.models import Allocation, Gpu, Node
from app.nodes import health
from app.scheduling.capacity import GpuCapacity, NodeCapacity
from app.scheduling.environments import labels_of
from app.workdir.service import get_settings
from proteinx.contracts.nodes import NodeState
from proteinx.contracts.phrases import say
from proteinx.contracts.system import SystemSettings

Rows = Iterable[Row[Any]]


def capacity(session: Session, *, in_principle: bool = False, held: Rows | None = None) -> list[NodeCapacity]:
    """Every node that was not removed, by name.

    `in_principle`: also GPUs that a stranger's process keeps from being given out just now. `held`: the rows of live
    allocations, where the caller has read them. Columns, not objects: this is read each second, for all nodes.
    """
    settings = get_settings(session)
    nodes = session.execute(
        select(Node.id, Node.name, Node.state, Node.reason, Node.cpus, Node.memory_bytes, Node.agent_draining)
        .add_columns(Node.info["labels"].label("told_labels"), Node.info["environments"].label("offered"))
        .add_columns(Node.labels, Node.last_heartbeat_at, Node.joined_at)
        .where(Node.removed_at.is_(None))
        .order_by(Node.name)
    ).all()
    present = select(Gpu.node_id, Gpu.uuid, Gpu.memory_bytes, Gpu.foreign).where(Gpu.present.is_(True))
    gpus: dict[str, list[Row[Any]]] = defaultdict(list)
    rows: Rows = session.execute(present.order_by(Gpu.index))
    for gpu in rows:
        if in_principle or not gpu.foreign:
            gpus[gpu.node_id].append(gpu)
    by_node: dict[str, list[Row[Any]]] = defaultdict(list)
    for allocation in _live(session) if held is None else held:
        by_node[allocation.node_id].append(allocation)
    return [_capacity(node, gpus[node.id], by_node[node.id], settings) for node in nodes]


def _live(session: Session) -> Rows:
    columns = select(Allocation.node_id, Allocation.gpu_uuid, Allocation.slot, Allocation.gpu_memory)
    columns = columns.add_columns(Allocation.cpus, Allocation.memory)
    return session.execute(columns.where(Allocation.released_at.is_(None)))


def _capacity(node: Row[Any], gpus: Sequence[Row[Any]], held: Rows, settings: SystemSettings) -> NodeCapacity:
    why_not = why_closed(node, settings)
    cpus, memory = 0.0, 0
    by_gpu: dict[str, list[Row[Any]]] = defaultdict(list)
    for allocation in held:
        cpus += allocation.cpus
        memory += allocation.memory
        if allocation.gpu_uuid is not None:
            by_gpu[allocation.gpu_uuid].append(allocation)
    return NodeCapacity(
        id=node.id,
        name=node.name,
        labels={**(node.told_labels or {}), **node.labels, **labels_of(node.offered)},
        cpus_total=float(node.cpus),
        cpus_free=max(0.0, node.cpus - cpus),
        memory_total=node.memory_bytes,
        memory_free=max(0, node.memory_bytes - memory),
        gpus=tuple(_gpu(gpu, by_gpu[gpu.uuid]) for gpu in gpus),
        accepting=why_not is None,
        why_not=why_not or "",
    )


def _gpu(gpu: Row[Any], held: Sequence[Row[Any]]) -> GpuCapacity:
    if not held:
        return GpuCapacity(gpu.uuid, gpu.memory_bytes, gpu.memory_bytes)
    taken = sum(allocation.gpu_memory for allocation in held)
    slots = frozenset(allocation.slot for allocation in held)
    return GpuCapacity(gpu.uuid, gpu.memory_bytes, max(0, gpu.memory_bytes - taken), slots)


def why_closed(node: Node | Row[Any], settings: SystemSettings) -> str | None:
    """Why nothing new is placed on the node, as the rest of a sentence that begins with its name; None if it may be."""
    if node.state == NodeState.DRAINING.value:
        return say("draining_for", note=node.reason) if node.reason else say("draining")
    if node.state == NodeState.QUARANTINED.value:
        return say("quarantined_for", reason=node.reason) if node.reason else say("quarantined")
    if node.agent_draining:
        return say("agent_stopping")
    if node.last_heartbeat_at is None:
        return say("never_heard")
    silence = now() - health.last_heard(node)
    if silence > timedelta(seconds=settings.suspect_seconds):
        return say("silent", seconds=f"{silence.total_seconds() // 10 * 10:.0f}")
    return None
