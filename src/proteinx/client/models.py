"""Registered models."""

from pydantic import TypeAdapter

from proteinx.client.transport import Transport, segment
from proteinx.contracts.models import (
    AliasMove,
    AliasSet,
    Gate,
    ModelVersionCreate,
    ModelVersionView,
    ModelView,
    RollBack,
)

_MODELS = TypeAdapter(list[ModelView])
_VERSIONS = TypeAdapter(list[ModelVersionView])
_MOVES = TypeAdapter(list[AliasMove])


class Models:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def all(self) -> list[ModelView]:
        return self._transport.get("/api/models", _MODELS)

    def versions(self, name: str) -> list[ModelVersionView]:
        return self._transport.get(_path(name), _VERSIONS)

    def register(self, name: str, job_id: str) -> ModelVersionView:
        """The job's logged model under `name`; the same version again if it was registered before."""
        return self._transport.post(_path(name), ModelVersionView, ModelVersionCreate(job_id=job_id), again=True)

    def gate(self, name: str, version: str) -> Gate:
        """Whether the version may become the champion, check by check."""
        return self._transport.get(f"{_path(name)}/{segment(version)}/gate", Gate)

    def set_alias(self, name: str, alias: str, request: AliasSet) -> ModelVersionView:
        """Gives the alias to a version. Raises ApiError 422 `gate_refused` naming the checks that failed."""
        reply = self._transport.request("PUT", _alias(name, alias), json=request)
        return ModelVersionView.model_validate_json(reply.content)

    def roll_back(self, name: str, alias: str, reason: str) -> ModelVersionView:
        """Gives the alias back to the version that had it before."""
        return self._transport.post(f"{_alias(name, alias)}/rollback", ModelVersionView, RollBack(reason=reason))

    def alias_moves(self, name: str) -> list[AliasMove]:
        """Who gave which alias to what, and why; the newest first."""
        return self._transport.get(f"/api/models/{segment(name)}/alias-moves", _MOVES)


def _alias(name: str, alias: str) -> str:
    return f"/api/models/{segment(name)}/aliases/{segment(alias)}"


def _path(name: str) -> str:
    return f"/api/models/{segment(name)}/versions"
