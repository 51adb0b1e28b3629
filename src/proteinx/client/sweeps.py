"""Sweeps: start, watch, pause, stop."""

import uuid

from proteinx.client import references
from proteinx.client.transport import Query, Transport, segment
from proteinx.contracts.pages import Page
from proteinx.contracts.sweeps import SweepCreate, SweepDetail, SweepView


class Sweeps:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, request: SweepCreate) -> SweepView:
        """Repeated safely: without an idempotency key it gets one."""
        keyed = request if request.idempotency_key else request.model_copy(update={"idempotency_key": uuid.uuid4().hex})
        return self._transport.post("/api/sweeps", SweepView, keyed, again=True)

    def page(self, *, limit: int = 50, cursor: str | None = None, **filters: str | None) -> Page[SweepView]:
        """`filters`: state, owner, project, search (part of the name)."""
        query: Query = {"limit": limit, "cursor": cursor, **filters}
        return self._transport.get("/api/sweeps", Page[SweepView], query)

    def get(self, sweep_id: str) -> SweepDetail:
        return self._transport.get(_path(sweep_id), SweepDetail)

    def resolve(self, reference: str) -> str:
        """A sweep's id from its id, the beginning of it, or its name. Raises LookupError with what to do."""
        return references.resolve(
            reference, lambda: self.page(limit=500).items, kind="sweep", listed_by="px sweep list"
        )

    def pause(self, sweep_id: str) -> SweepView:
        """Nothing new starts; what runs goes on."""
        return self._transport.post(f"{_path(sweep_id)}/pause", SweepView, again=True)

    def resume(self, sweep_id: str) -> SweepView:
        return self._transport.post(f"{_path(sweep_id)}/resume", SweepView, again=True)

    def stop(self, sweep_id: str) -> SweepView:
        """Cancels what runs; the results so far stay."""
        return self._transport.post(f"{_path(sweep_id)}/stop", SweepView, again=True)


def _path(sweep_id: str) -> str:
    return f"/api/sweeps/{segment(sweep_id)}"
