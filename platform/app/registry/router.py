"""Registered models: a thin view of MLflow's registry."""

from fastapi import APIRouter, status

from app.accounts.authorize import Action, authorize
from app.deps import CurrentUser, MasterDep
from app.registry import service
from proteinx.contracts.models import ModelVersionCreate, ModelVersionView, ModelView

router = APIRouter(prefix="/models", tags=["models"])


@router.get("")
def list_models(actor: CurrentUser, master: MasterDep) -> list[ModelView]:
    authorize(actor, Action.VIEW)
    return master.tracking.models()


@router.get("/{name}/versions")
def list_model_versions(name: str, actor: CurrentUser, master: MasterDep) -> list[ModelVersionView]:
    authorize(actor, Action.VIEW)
    return master.tracking.versions(name)


@router.post("/{name}/versions", status_code=status.HTTP_201_CREATED)
def register_model_version(
    name: str, body: ModelVersionCreate, actor: CurrentUser, master: MasterDep
) -> ModelVersionView:
    return service.register(master, actor, name, body.job_id)
