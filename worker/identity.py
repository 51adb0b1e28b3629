"""Who this node is: a join token the first time, from then on the node's own token, kept for its owner's eyes only."""

import logging

from pydantic import BaseModel

from proteinx.client.agent import NodeClient
from proteinx.client.errors import ApiError
from proteinx.client.retry import Retry
from proteinx.client.transport import Transport
from proteinx.contracts.nodes import NodeInfo, Register, RegisterReply
from proteinx.contracts.protocol import NODE_TOKEN, PROTOCOL
from worker.layout import StateDir, read_json, write_json
from worker.settings import WorkerSettings

log = logging.getLogger(__name__)


class CannotJoin(Exception):
    pass


class Identity(BaseModel):
    node_id: str
    token: str


def join(
    state: StateDir, settings: WorkerSettings, info: NodeInfo, transport: Transport
) -> tuple[Identity, RegisterReply]:
    """Registers, however long the master is away. Raises CannotJoin with what to do, Stopped."""
    stored = read_json(state.node)
    known = Identity(**stored).token if stored is not None else None
    offered = settings.token.get_secret_value() or None if settings.token else None
    if known is not None:
        try:
            return _register(known, state, settings, info, transport)
        except ApiError as error:
            if error.status not in (401, 403) or offered in (None, known):
                raise _explained(error) from error
            log.warning("the master does not know this node any more; joining anew", extra={"action": "rejoin"})
    if offered is None:
        raise CannotJoin("This node has not joined yet: give a join token (`px admin join-token`) in PROTEINX_TOKEN.")
    try:
        return _register(offered, state, settings, info, transport)
    except ApiError as error:
        raise _explained(error) from error


def _register(
    token: str, state: StateDir, settings: WorkerSettings, info: NodeInfo, transport: Transport
) -> tuple[Identity, RegisterReply]:
    transport.token = token
    retry = Retry(attempts=None, base=settings.backoff_base, cap=settings.backoff_cap)
    request = Register(protocol=PROTOCOL, name=settings.name, info=info)
    reply = NodeClient(transport).register(request, retry=retry)
    own = reply.token or (token if token.startswith(f"{NODE_TOKEN}_") else None)
    if own is None:
        raise CannotJoin("The master gave no token to this node; is it of the same version?")
    identity = Identity(node_id=reply.node_id, token=own)
    write_json(state.node, identity.model_dump())
    transport.token = own
    return identity, reply


def _explained(error: ApiError) -> CannotJoin:
    what = {
        401: "The join token is unknown, used up or too old: make another with `px admin join-token`.",
        403: "This token is not one to join with: make one with `px admin join-token`.",
    }.get(error.status, "")
    return CannotJoin(f"{error} {what}".strip())
