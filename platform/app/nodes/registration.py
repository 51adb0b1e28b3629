"""A machine joins the lab, or an agent that was started again says what its machine is now."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit, tokens
from app.accounts.actor import Actor, JoinActor, NodeActor
from app.clock import now
from app.errors import Conflict, Forbidden, Unauthorized
from app.live import announce
from app.master import Master
from app.models import Gpu, JoinToken, Node
from app.nodes import losses, protocol
from app.workdir.service import get_settings
from proteinx.contracts.nodes import GpuInfo, NodeInfo, NodeState, Register, RegisterReply
from proteinx.contracts.phrases import say
from proteinx.contracts.protocol import NODE_TOKEN


def register(session: Session, master: Master, actor: Actor, request: Register) -> RegisterReply:
    """A join token makes a node and its token; a node's own token brings its description up to date.

    Raises Conflict("name_taken"), Unauthorized for a join token that is used up, UpgradeRequired.
    """
    protocol.require(request.protocol)
    if isinstance(actor, NodeActor):
        node, token = _again(session, master, actor, request), None
    elif isinstance(actor, JoinActor):
        node, token = _join(session, actor, request)
    else:
        raise Forbidden("join_token_needed", "Register with a join token, or with the node's own token.")
    _describe(node, request.info)
    session.flush()
    _keep_gpus(session, node, request.info.gpus)
    announce.later(session, announce.NODES)
    announce.wake_later(session)
    return RegisterReply(
        node_id=node.id,
        token=token,
        redis_url=master.redis_for_node(node.id),
        heartbeat_seconds=get_settings(session).heartbeat_seconds,
        server_time=now(),
    )


def _again(session: Session, master: Master, actor: NodeActor, request: Register) -> Node:
    node = session.get(Node, actor.id, with_for_update=True)
    if node is None or node.removed_at is not None:
        raise Unauthorized("node_removed", "This node was removed; join again with a new join token.")
    if node.name != request.name:
        _require_free(session, request.name)
        node.name = request.name
    if node.boot_id != request.info.boot_id:
        losses.lose_members(session, master, node, say("node_restarted", node=node.name))
    return node


def _join(session: Session, actor: JoinActor, request: Register) -> tuple[Node, str]:
    secret_id, secret, _ = tokens.make(NODE_TOKEN)
    node = session.scalars(select(Node).where(Node.name == request.name).with_for_update()).one_or_none()
    if node is not None and _is_repeat(node, actor, request):
        node.secret_hash = tokens.hash_secret(secret)
        return node, f"{NODE_TOKEN}_{node.id}_{secret}"
    _use_up(session, actor)
    if node is not None and node.removed_at is None:
        raise _taken(request.name)
    if node is None:
        node = Node(id=secret_id, name=request.name, state=NodeState.ACTIVE.value, joined_at=now())
        session.add(node)
    node.state, node.reason, node.removed_at = NodeState.ACTIVE.value, "", None
    node.last_heartbeat_at, node.sample, node.joined_at = None, None, now()
    node.secret_hash, node.join_token_id = tokens.hash_secret(secret), actor.id
    audit.write(session, actor, "node.join", request.name, {"node": node.id, "hostname": request.info.hostname})
    return node, f"{NODE_TOKEN}_{node.id}_{secret}"


def _is_repeat(node: Node, actor: JoinActor, request: Register) -> bool:
    """The same machine with the same token before its first heartbeat: it never got our reply."""
    unheard = node.removed_at is None and node.last_heartbeat_at is None
    return unheard and node.join_token_id == actor.id and node.boot_id == request.info.boot_id


def _use_up(session: Session, actor: JoinActor) -> None:
    token = update(JoinToken).where(JoinToken.id == actor.id, JoinToken.uses_left > 0, JoinToken.expires_at > now())
    used = session.execute(token.values(uses_left=JoinToken.uses_left - 1).returning(JoinToken.id)).one_or_none()
    if used is None:
        raise Unauthorized("join_token_used", "This join token is used up or has run out; ask an admin for a new one.")


def _require_free(session: Session, name: str) -> None:
    if session.scalars(select(Node.id).where(Node.name == name)).one_or_none() is not None:
        raise _taken(name)


def _taken(name: str) -> Conflict:
    return Conflict(
        "name_taken",
        f"There is a node {name} already. Choose another name (--name), or, if it is this machine, let an admin "
        "remove the old one first.",
        field="name",
    )


def _describe(node: Node, info: NodeInfo) -> None:
    node.boot_id, node.cpus, node.memory_bytes = info.boot_id, info.cpus, info.memory_bytes
    node.info = info.model_dump()
    node.agent_draining = False


def _keep_gpus(session: Session, node: Node, gpus: list[GpuInfo]) -> None:
    """One row for each GPU ever seen: it follows the card when that moves to another machine."""
    there = {gpu.uuid: gpu for gpu in gpus}
    known = session.scalars(select(Gpu).where((Gpu.node_id == node.id) | Gpu.uuid.in_(there))).all()
    for row in known:
        gpu = there.pop(row.uuid, None)
        row.present = gpu is not None
        if gpu is not None:
            row.node_id, row.index, row.name, row.memory_bytes = node.id, gpu.index, gpu.name, gpu.memory_bytes
    for gpu in there.values():
        session.add(Gpu(node_id=node.id, foreign=False, present=True, **gpu.model_dump()))
    session.flush()
