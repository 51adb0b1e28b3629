"""Datasets and their versions."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.accounts.authorize import Action, authorize
from app.datasets import cleaned, dependents, files, queries, service
from app.deps import CurrentActor, CurrentUser, Cursor, Limit, MasterDep, ReadSession
from proteinx.contracts.datasets import NAME, DatasetView, Dependents, VersionCreate, VersionView
from proteinx.contracts.pages import Page
from proteinx.contracts.uploads import SHA256

router = APIRouter(tags=["datasets"])

Name = Annotated[str, Path(pattern=NAME)]
Number = Annotated[int, Path(ge=1)]


@router.get("/datasets")
def list_datasets(
    user: CurrentUser,
    session: ReadSession,
    limit: Limit = 50,
    cursor: Cursor = None,
    search: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[DatasetView]:
    authorize(user, Action.VIEW)
    return queries.page(session, search=search, cursor=cursor, limit=limit)


@router.get("/dataset-versions")
def find_versions(
    sha256: Annotated[str, Query(pattern=SHA256)], user: CurrentUser, session: ReadSession
) -> list[VersionView]:
    """Those of exactly this content: what is here need not be sent again."""
    authorize(user, Action.VIEW)
    return queries.with_content(session, sha256)


@router.get("/datasets/{name}")
def get_dataset(name: str, user: CurrentUser, session: ReadSession) -> DatasetView:
    authorize(user, Action.VIEW)
    dataset, _ = queries.require(session, name)
    return queries.views(session, [dataset])[0]


@router.get("/datasets/{name}/versions")
def list_dataset_versions(name: str, user: CurrentUser, session: ReadSession) -> list[VersionView]:
    authorize(user, Action.VIEW)
    dataset, _ = queries.require(session, name)
    return [queries.version_view(dataset, version) for version in queries.live_versions(session, dataset)]


@router.get("/datasets/{name}/dependents")
def list_dependents(name: str, user: CurrentUser, session: ReadSession) -> Dependents:
    authorize(user, Action.VIEW)
    dataset, _ = queries.require(session, name)
    return dependents.dependents(session, dataset)


@router.post("/datasets/{name}/versions", status_code=201)
def create_dataset_version(
    name: Name, body: VersionCreate, user: CurrentUser, master: MasterDep, response: Response
) -> VersionView:
    version, is_new = service.create_version(master, user, name, body)
    response.status_code = 201 if is_new else 200
    return version


@router.get("/datasets/{name}/versions/{number}")
def get_dataset_version(name: str, number: Number, user: CurrentUser, session: ReadSession) -> VersionView:
    authorize(user, Action.VIEW)
    return queries.version_view(*queries.require(session, name, number))


@router.get("/datasets/{name}/versions/{number}/files/{path:path}")
def download_dataset_file(
    name: str, number: Number, path: str, *, actor: CurrentActor, master: MasterDep, request: Request
) -> Response:
    return files.download(master, actor, name, number, path=path, headers=request.headers)


@router.get("/datasets/{name}/versions/{number}/cleaned", response_class=Response)
def download_cleaned_dataset(name: str, number: Number, user: CurrentUser, master: MasterDep) -> Response:
    """A cleaned copy, made anew; the header `ProteinX-Cleaned` says in JSON what was dropped, by rule and line."""
    authorize(user, Action.VIEW)
    return cleaned.download(master, name, number)


@router.delete("/datasets/{name}", status_code=204)
def delete_dataset(name: str, user: CurrentUser, master: MasterDep) -> None:
    service.delete(master, user, name)
