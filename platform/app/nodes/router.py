"""Nodes: agents join and send heartbeats, people look and admins steer."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.authorize import Action, authorize
from app.committing import CommittingRoute
from app.deps import CurrentActor, CurrentNode, CurrentUser, MasterDep, ReadSession, WriteSession
from app.nodes import heartbeat, registration, service
from proteinx.contracts.nodes import (
    DrainRequest,
    Heartbeat,
    HeartbeatReply,
    Labels,
    NodeHistoryPoint,
    NodeView,
    Register,
    RegisterReply,
)

router = APIRouter(tags=["nodes"], route_class=CommittingRoute)


@router.post("/nodes/register")
def register_node(request: Register, actor: CurrentActor, session: WriteSession, master: MasterDep) -> RegisterReply:
    """With a join token the first time, with the node's own token whenever its agent starts."""
    return registration.register(session, master, actor, request)


@router.post("/nodes/heartbeat")
def send_heartbeat(request: Heartbeat, node: CurrentNode, session: WriteSession, master: MasterDep) -> HeartbeatReply:
    return heartbeat.beat(session, master, node, request)


@router.get("/nodes")
def list_nodes(user: CurrentUser, session: ReadSession, master: MasterDep) -> list[NodeView]:
    authorize(user, Action.VIEW)
    return service.views(session, master)


@router.get("/nodes/{node_id}")
def read_node(node_id: str, user: CurrentUser, session: ReadSession, master: MasterDep) -> NodeView:
    authorize(user, Action.VIEW)
    return service.view(session, master, node_id)


@router.get("/nodes/{node_id}/history")
def read_node_history(
    node_id: str,
    user: CurrentUser,
    session: ReadSession,
    hours: Annotated[float, Query(gt=0, le=24 * 365)] = 24.0,
    points: Annotated[int, Query(ge=10, le=5000)] = 500,
) -> list[NodeHistoryPoint]:
    authorize(user, Action.VIEW)
    return service.history(session, node_id, hours, points)


@router.post("/nodes/{node_id}/drain")
def drain_node(
    node_id: str, request: DrainRequest, user: CurrentUser, session: WriteSession, master: MasterDep
) -> NodeView:
    service.drain(session, user, node_id, request.reason)
    return service.view(session, master, node_id)


@router.post("/nodes/{node_id}/undrain")
def undrain_node(node_id: str, user: CurrentUser, session: WriteSession, master: MasterDep) -> NodeView:
    service.undrain(session, user, node_id)
    return service.view(session, master, node_id)


@router.post("/nodes/{node_id}/quarantine")
def quarantine_node(
    node_id: str, request: DrainRequest, user: CurrentUser, session: WriteSession, master: MasterDep
) -> NodeView:
    """Undrain lets it out again."""
    service.quarantine(session, user, node_id, request.reason)
    return service.view(session, master, node_id)


@router.put("/nodes/{node_id}/labels")
def label_node(node_id: str, request: Labels, user: CurrentUser, session: WriteSession, master: MasterDep) -> NodeView:
    service.label(session, user, node_id, request.labels)
    return service.view(session, master, node_id)


@router.delete("/nodes/{node_id}", status_code=204)
def remove_node(node_id: str, user: CurrentUser, session: WriteSession, master: MasterDep) -> None:
    service.remove(session, master, user, node_id)
