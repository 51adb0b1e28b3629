"""Registered models: a thin view of MLflow's registry."""

from typing import Annotated

from fastapi import APIRouter, Path, status

from app.accounts.authorize import Action, authorize
from app.deps import CurrentUser, MasterDep, ReadSession
from app.registry import promotion, service
from proteinx.contracts.models import (
    Gate,
    ModelVersionCreate,
    ModelVersionView,
    ModelView,
    Promote,
    Promotion,
    RollBack,
)

router = APIRouter(prefix="/models", tags=["models"])

Version = Annotated[str, Path(pattern=r"^[1-9]\d{0,8}$")]
Alias = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,49}$")]


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


@router.get("/{name}/versions/{version}/gate")
def check_gate(name: str, version: Version, actor: CurrentUser, master: MasterDep) -> Gate:
    """Whether the version may become the champion, check by check."""
    authorize(actor, Action.VIEW)
    return promotion.check(master, name, version)


@router.post("/{name}/aliases/{alias}")
def promote(name: str, alias: Alias, body: Promote, actor: CurrentUser, master: MasterDep) -> Promotion:
    return promotion.promote(master, actor, name, alias, body)


@router.post("/{name}/aliases/{alias}/rollback")
def roll_back(name: str, alias: Alias, body: RollBack, actor: CurrentUser, master: MasterDep) -> Promotion:
    """To the version that had the alias before."""
    return promotion.roll_back(master, actor, name, alias, body.reason)


@router.get("/{name}/promotions")
def list_promotions(name: str, actor: CurrentUser, session: ReadSession) -> list[Promotion]:
    authorize(actor, Action.VIEW)
    return promotion.history(session, name)
