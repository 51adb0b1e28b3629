"""Health, workdir and settings of the master."""

from collections.abc import Iterator

from proteinx.client.transport import Query, Transport
from proteinx.contracts.store import StoreCheck
from proteinx.contracts.system import ClientPackage, Health, SystemSettings, WorkdirSet, WorkdirView


class System:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def health(self) -> Health:
        return self._transport.get("/api/health", Health)

    def client_package(self) -> ClientPackage:
        """The wheel that fits this master, with the line that installs it."""
        return self._transport.get("/api/client", ClientPackage)

    def workdir(self) -> WorkdirView:
        return self._transport.get("/api/workdir", WorkdirView)

    def set_workdir(self, path: str) -> WorkdirView:
        reply = self._transport.request("PUT", "/api/workdir", json=WorkdirSet(path=path))
        return WorkdirView.model_validate_json(reply.content)

    def check_store(self, *, content: bool = False) -> Iterator[StoreCheck]:
        """Page by page, each some seconds of looking."""
        cursor: str | None = None
        while True:
            query: Query = {"content": content, "cursor": cursor}
            found = self._transport.get("/api/workdir/faults", StoreCheck, query=query)
            yield found
            if found.next is None:
                return
            cursor = found.next

    def settings(self) -> SystemSettings:
        return self._transport.get("/api/settings", SystemSettings)

    def set_settings(self, settings: SystemSettings) -> SystemSettings:
        reply = self._transport.request("PUT", "/api/settings", json=settings)
        return SystemSettings.model_validate_json(reply.content)
