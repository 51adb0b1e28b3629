"""Nodes as people see and steer them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.errors import Conflict, NotFound
from app.live import announce
from app.master import Master
from app.models import Allocation, Member, Node, NodeHistory
from app.nodes import free, health, losses
from app.nodes.thinning import thin
from app.scheduling.capacity import NodeCapacity
from app.scheduling.environments import given
from app.workdir.service import get_settings
from proteinx.contracts.nodes import (
    NodeHealth,
    NodeHistoryPoint,
    NodeInfo,
    NodeSample,
    NodeState,
    NodeView,
)
from proteinx.contracts.phrases import say, told
from proteinx.contracts.states import ATTEMPT_LIVE

_LIVE = [state.value for state in ATTEMPT_LIVE]


def views(session: Session, master: Master) -> list[NodeView]:
    nodes = session.scalars(select(Node).where(Node.removed_at.is_(None)).order_by(Node.name)).all()
    return _views(session, master, nodes)


def view(session: Session, master: Master, node_id: str) -> NodeView:
    """Raises NotFound."""
    return _views(session, master, [_get(session, node_id)])[0]


def _get(session: Session, node_id: str, *, lock: bool = False) -> Node:
    node = session.get(Node, node_id, with_for_update=lock)
    if node is None or node.removed_at is not None:
        raise NotFound("unknown_node", f"There is no node {node_id[:64]}; `px nodes` lists them.")
    return node


def _views(session: Session, master: Master, nodes: Sequence[Node]) -> list[NodeView]:
    room = {node.id: node for node in free.capacity(session)}
    jobs: dict[str, list[str]] = defaultdict(list)
    live = select(Member.node_id, Member.job_id).where(Member.state.in_(_LIVE)).order_by(Member.job_id)
    for node_id, job_id in session.execute(live):
        jobs[node_id].append(job_id)
    gpu_jobs = _gpu_jobs(session)
    settings = get_settings(session)
    return [
        _view(node, room[node.id], health.of(node, settings, master.ready_at), jobs[node.id], gpu_jobs[node.id])
        for node in nodes
    ]


def _gpu_jobs(session: Session) -> dict[str, dict[str, list[str]]]:
    """Node -> GPU -> jobs that hold it."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    held = select(Allocation.node_id, Allocation.gpu_uuid, Allocation.job_id).order_by(Allocation.id)
    held = held.where(Allocation.released_at.is_(None), Allocation.gpu_uuid.is_not(None))
    for node_id, uuid, job_id in session.execute(held):
        found[node_id][uuid or ""].append(job_id)
    return found


def _view(
    node: Node, room: NodeCapacity, state: NodeHealth, jobs: list[str], gpu_jobs: dict[str, list[str]]
) -> NodeView:
    return NodeView(
        id=node.id,
        name=node.name,
        state=NodeState(node.state),
        health=state,
        reason=node.reason or room.why_not,
        reason_words=told(node.reason or room.why_not),
        labels=given(room.labels),
        own_labels=node.labels,
        info=NodeInfo.model_validate(node.info),
        sample=NodeSample.model_validate(node.sample) if node.sample else None,
        cpus_free=room.cpus_free,
        memory_free_bytes=room.memory_free,
        gpus_free=sum(1 for gpu in room.gpus if not gpu.slots_used),
        jobs=jobs,
        gpu_jobs=gpu_jobs,
        last_heartbeat_at=node.last_heartbeat_at,
        joined_at=node.joined_at,
    )


def history(session: Session, node_id: str, hours: float, points: int) -> list[NodeHistoryPoint]:
    """Samples of the last `hours`, oldest first, thinned to at most `points`."""
    node = _get(session, node_id)
    since = now() - timedelta(hours=hours)
    rows = select(NodeHistory).where(NodeHistory.node_id == node.id, NodeHistory.at >= since).order_by(NodeHistory.at)
    kept = [NodeHistoryPoint(at=row.at, sample=NodeSample.model_validate(row.sample)) for row in session.scalars(rows)]
    return thin(kept, points)


def drain(session: Session, user: UserActor, node_id: str, reason: str) -> None:
    """Nothing new is placed on it; what runs there runs on."""
    authorize(user, Action.ADMINISTER)
    node = _get(session, node_id, lock=True)
    node.state, node.reason = NodeState.DRAINING.value, reason
    _changed(session, user, "node.drain", node)


def undrain(session: Session, user: UserActor, node_id: str) -> None:
    """Also takes a node out of quarantine: what failed on it so far does not count any more."""
    authorize(user, Action.ADMINISTER)
    node = _get(session, node_id, lock=True)
    node.state, node.reason, node.cleared_at = NodeState.ACTIVE.value, "", now()
    _changed(session, user, "node.undrain", node)


def quarantine(session: Session, user: UserActor, node_id: str, reason: str) -> None:
    """As after repeated failures: for a machine that needs a look."""
    authorize(user, Action.ADMINISTER)
    node = _get(session, node_id, lock=True)
    node.state, node.reason = NodeState.QUARANTINED.value, reason
    _changed(session, user, "node.quarantine", node)


def label(session: Session, user: UserActor, node_id: str, labels: dict[str, str]) -> None:
    """In place of those that admins gave it before; the agent's own stay, where these do not overrule them."""
    authorize(user, Action.ADMINISTER)
    node = _get(session, node_id, lock=True)
    node.labels = labels
    _changed(session, user, "node.label", node)


def remove(session: Session, master: Master, user: UserActor, node_id: str) -> None:
    """Its token is void from now on. Raises Conflict("node_busy") while it is up and runs jobs."""
    authorize(user, Action.ADMINISTER)
    node = _get(session, node_id, lock=True)
    up = health.of(node, get_settings(session), master.ready_at) is not NodeHealth.LOST
    if up and losses.live_attempts(session, node.id):
        raise Conflict("node_busy", f"{node.name} has jobs; drain it and wait, or cancel them.")
    losses.lose_members(session, master, node, say("node_removed", node=node.name))
    held = update(Allocation).where(Allocation.node_id == node.id, Allocation.released_at.is_(None))
    session.execute(held.values(released_at=now()))
    node.removed_at = now()
    _changed(session, user, "node.remove", node)


def _changed(session: Session, user: UserActor, action: str, node: Node) -> None:
    audit.write(session, user, action, node.name, {"node": node.id, "reason": node.reason, "labels": node.labels})
    announce.later(session, announce.NODES)
    announce.wake_later(session)
