"""Registered models: a thin view of MLflow's registry."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from app.accounts.authorize import Action, authorize
from app.deps import CurrentUser, MasterDep, ReadSession
from app.registry import aliases, service
from proteinx.contracts.models import (
    AliasMove,
    AliasSet,
    Description,
    Gate,
    ModelVersionCreate,
    ModelVersionView,
    ModelView,
    RollBack,
)

router = APIRouter(prefix="/models", tags=["models"])

Version = Annotated[str, Path(pattern=r"^[1-9]\d{0,8}$")]


@router.get("")
def list_models(actor: CurrentUser, master: MasterDep) -> list[ModelView]:
    authorize(actor, Action.VIEW)
    return master.tracking.models()


@router.get("/{name}")
def get_model(name: str, actor: CurrentUser, master: MasterDep) -> ModelView:
    authorize(actor, Action.VIEW)
    return master.tracking.model(name)


@router.put("/{name}/description", status_code=status.HTTP_204_NO_CONTENT)
def describe_model(name: str, body: Description, actor: CurrentUser, master: MasterDep) -> None:
    service.describe(master, actor, name, body.description)


@router.get("/{name}/versions")
def list_model_versions(name: str, actor: CurrentUser, master: MasterDep) -> list[ModelVersionView]:
    authorize(actor, Action.VIEW)
    return master.tracking.versions(name)


@router.post("/{name}/versions", status_code=status.HTTP_201_CREATED)
def register_model_version(
    name: str, body: ModelVersionCreate, actor: CurrentUser, master: MasterDep
) -> ModelVersionView:
    return service.register(master, actor, name, body.job_id)


@router.put("/{name}/versions/{version}/description", status_code=status.HTTP_204_NO_CONTENT)
def describe_model_version(
    name: str, version: Version, body: Description, actor: CurrentUser, master: MasterDep
) -> None:
    service.describe(master, actor, name, body.description, version)


@router.get("/{name}/versions/{version}/gate")
def check_gate(name: str, version: Version, actor: CurrentUser, master: MasterDep) -> Gate:
    """Whether the version may become the champion, check by check."""
    authorize(actor, Action.VIEW)
    return aliases.check(master, name, version)


@router.post("/{name}/aliases/{alias}/rollback")
def roll_back_alias(name: str, alias: str, body: RollBack, actor: CurrentUser, master: MasterDep) -> ModelVersionView:
    """To the version that had the alias before."""
    return aliases.roll_back(master, actor, name, alias, body.reason)


@router.get("/{name}/alias-moves")
def list_alias_moves(name: str, actor: CurrentUser, session: ReadSession) -> list[AliasMove]:
    authorize(actor, Action.VIEW)
    return aliases.moves(session, name)


@router.put("/{name}/aliases/{alias}")
def set_model_alias(name: str, alias: str, body: AliasSet, actor: CurrentUser, master: MasterDep) -> ModelVersionView:
    return aliases.set_alias(master, actor, name, alias, body)


@router.delete("/{name}/aliases/{alias}", status_code=status.HTTP_204_NO_CONTENT)
def delete_model_alias(
    name: str,
    alias: str,
    actor: CurrentUser,
    master: MasterDep,
    reason: Annotated[str, Query(max_length=1000)] = "",
) -> None:
    aliases.delete_alias(master, actor, name, alias, reason)
