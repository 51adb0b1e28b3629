"""Nodes as people see and steer them."""

from typing import Any

from pydantic import TypeAdapter

from proteinx.client.transport import Transport, segment
from proteinx.contracts.nodes import DrainRequest, Labels, NodeView

_NODES = TypeAdapter(list[NodeView])


class Nodes:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def all(self) -> list[NodeView]:
        return self._transport.get("/api/nodes", _NODES)

    def get(self, node_id: str) -> NodeView:
        return self._transport.get(_path(node_id), NodeView)

    def resolve(self, reference: str) -> NodeView:
        """A node by id or name. Raises LookupError with what to do."""
        nodes = self.all()
        for node in nodes:
            if reference in (node.id, node.name):
                return node
        known = ", ".join(node.name for node in nodes) or "none yet"
        raise LookupError(f"No node is called {reference!r}; there are: {known}.")

    def history(self, node_id: str) -> Any:
        return self._transport.request("GET", f"{_path(node_id)}/history").json()

    def drain(self, node_id: str, reason: str = "") -> NodeView:
        """Takes no new work from now on; what runs there goes on."""
        return self._transport.post(f"{_path(node_id)}/drain", NodeView, DrainRequest(reason=reason), again=True)

    def undrain(self, node_id: str) -> NodeView:
        return self._transport.post(f"{_path(node_id)}/undrain", NodeView, again=True)

    def quarantine(self, node_id: str, reason: str = "") -> NodeView:
        """Takes no new work until somebody has looked and lets it work again by `undrain`."""
        return self._transport.post(f"{_path(node_id)}/quarantine", NodeView, DrainRequest(reason=reason), again=True)

    def label(self, node_id: str, labels: dict[str, str]) -> NodeView:
        """In place of the labels that admins gave it before; the agent's own stay."""
        reply = self._transport.request("PUT", f"{_path(node_id)}/labels", json=Labels(labels=labels))
        return NodeView.model_validate_json(reply.content)

    def remove(self, node_id: str) -> None:
        self._transport.request("DELETE", _path(node_id))


def _path(node_id: str) -> str:
    return f"/api/nodes/{segment(node_id)}"
