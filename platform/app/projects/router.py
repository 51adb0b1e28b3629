"""Projects, the form of each entry point, and snapshots of code."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.accounts.authorize import Action, authorize
from app.committing import CommittingRoute
from app.deps import CurrentActor, CurrentUser, MasterDep, WriteSession
from app.projects import adding, form, git, service
from proteinx.contracts.projects import NAME, FormSchema, GitSource, ProjectView, SnapshotCreate, SnapshotView

router = APIRouter(tags=["projects"], route_class=CommittingRoute)


@router.get("/projects")
def list_projects(user: CurrentUser, session: WriteSession, master: MasterDep) -> list[ProjectView]:
    authorize(user, Action.VIEW)
    return service.all_projects(session, master)


@router.get("/projects/{name}")
def get_project(name: str, user: CurrentUser, session: WriteSession, master: MasterDep) -> ProjectView:
    authorize(user, Action.VIEW)
    return service.get(session, master, name)


@router.get("/projects/{name}/schema")
def get_form(
    name: str,
    user: CurrentUser,
    master: MasterDep,
    entry_point: Annotated[str, Query(max_length=100)] = "main",
    choice: Annotated[list[str], Query(max_length=50)] = [],  # noqa: B006  FastAPI makes a new one for each request
) -> FormSchema:
    """`choice` names groups that a person has chosen, `model=ridge`: fields and their values follow from it."""
    authorize(user, Action.VIEW)
    with master.db.write() as session:  # closed before the config is composed, which takes a process and time
        project, snapshot, view = form.find(session, master, name, entry_point)
    return form.draw(master, project, snapshot, view, choice)


@router.get("/projects/{name}/snapshots")
def list_snapshots(name: str, user: CurrentUser, session: WriteSession, master: MasterDep) -> list[SnapshotView]:
    authorize(user, Action.VIEW)
    return service.list_snapshots(session, master, name)


@router.post("/projects/{name}/snapshots")
def add_snapshot(
    name: Annotated[str, Path(pattern=NAME)], body: SnapshotCreate, user: CurrentUser, master: MasterDep
) -> SnapshotView:
    return adding.add_snapshot(master, user, name, body)


@router.post("/projects/{name}/git")
def add_git(
    name: Annotated[str, Path(pattern=NAME)], body: GitSource, user: CurrentUser, master: MasterDep
) -> SnapshotView:
    """Fetches the commit and answers once its snapshot is there."""
    return git.add(master, user, name, body)


@router.get("/snapshots/{digest}")
def download_snapshot(digest: str, actor: CurrentActor, master: MasterDep, request: Request) -> Response:
    return service.download(master, actor, digest, request.headers)
