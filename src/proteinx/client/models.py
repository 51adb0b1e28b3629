"""Registered models."""

from pydantic import TypeAdapter

from proteinx.client.transport import Transport, segment
from proteinx.contracts.models import (
    Gate,
    ModelVersionCreate,
    ModelVersionView,
    ModelView,
    Promote,
    Promotion,
    RollBack,
)

_MODELS = TypeAdapter(list[ModelView])
_VERSIONS = TypeAdapter(list[ModelVersionView])
_PROMOTIONS = TypeAdapter(list[Promotion])


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

    def promote(self, name: str, alias: str, request: Promote) -> Promotion:
        """Gives the alias to a version. Raises ApiError 422 `gate_refused` naming the checks that failed."""
        return self._transport.post(_alias(name, alias), Promotion, request)

    def roll_back(self, name: str, alias: str, reason: str) -> Promotion:
        """Gives the alias back to the version that had it before."""
        return self._transport.post(f"{_alias(name, alias)}/rollback", Promotion, RollBack(reason=reason))

    def promotions(self, name: str) -> list[Promotion]:
        """Who gave which alias to what, and why; the newest first."""
        return self._transport.get(f"/api/models/{segment(name)}/promotions", _PROMOTIONS)


def _alias(name: str, alias: str) -> str:
    return f"/api/models/{segment(name)}/aliases/{segment(alias)}"


def _path(name: str) -> str:
    return f"/api/models/{segment(name)}/versions"
