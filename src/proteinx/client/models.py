"""Registered models."""

from pydantic import TypeAdapter

from proteinx.client.transport import Transport, segment
from proteinx.contracts.models import ModelVersionCreate, ModelVersionView, ModelView

_MODELS = TypeAdapter(list[ModelView])
_VERSIONS = TypeAdapter(list[ModelVersionView])


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


def _path(name: str) -> str:
    return f"/api/models/{segment(name)}/versions"
