"""Where one is told of what."""

from pydantic import TypeAdapter

from proteinx.client.transport import Transport, segment
from proteinx.contracts.notifications import (
    DestinationCreate,
    DestinationMade,
    DestinationUpdate,
    DestinationView,
    NotificationView,
    TestResult,
)

_DESTINATIONS = TypeAdapter(list[DestinationView])
_LOG = TypeAdapter(list[NotificationView])
_TEST_SECONDS = 60.0


class Notifications:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def all(self) -> list[DestinationView]:
        return self._transport.get("/api/notifications", _DESTINATIONS)

    def create(self, request: DestinationCreate) -> DestinationMade:
        """The signing key of a webhook is in this reply only."""
        return self._transport.post("/api/notifications", DestinationMade, request)

    def change(self, destination_id: str, request: DestinationUpdate) -> DestinationView:
        reply = self._transport.request("PUT", _path(destination_id), json=request)
        return DestinationView.model_validate_json(reply.content)

    def delete(self, destination_id: str) -> None:
        self._transport.request("DELETE", _path(destination_id))

    def test(self, destination_id: str) -> TestResult:
        """Sends one now."""
        return self._transport.post(f"{_path(destination_id)}/test", TestResult, timeout=_TEST_SECONDS)

    def log(self, destination_id: str) -> list[NotificationView]:
        """The newest first."""
        return self._transport.get(f"{_path(destination_id)}/log", _LOG)

    def resolve(self, reference: str) -> DestinationView:
        """From its id or its name. Raises LookupError with what to do."""
        found = [one for one in self.all() if reference in (one.id, one.name)]
        if len(found) == 1:
            return found[0]
        many = "several notifications; give the id" if found else "no notification"
        raise LookupError(f"{reference!r} is the name of {many}; `px notify list` lists them.")


def _path(destination_id: str) -> str:
    return f"/api/notifications/{segment(destination_id)}"
