"""Sweeps, for people."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.accounts.authorize import Action, authorize
from app.committing import CommittingRoute
from app.deps import CurrentUser, Cursor, Limit, MasterDep, ReadSession, WriteSession
from app.sweeps import service, views
from proteinx.contracts.pages import Page
from proteinx.contracts.sweeps import SweepCreate, SweepDetail, SweepState, SweepView

router = APIRouter(tags=["sweeps"], route_class=CommittingRoute)

SweepId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.post("/sweeps", status_code=201)
def create_sweep(request: SweepCreate, user: CurrentUser, master: MasterDep) -> SweepView:
    sweep = service.create(master, user, request)
    with master.db.read() as session:
        return views.view(session, sweep)


@router.get("/sweeps")
def list_sweeps(
    user: CurrentUser,
    session: ReadSession,
    state: Annotated[list[SweepState] | None, Query()] = None,
    owner: str | None = None,
    project: str | None = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[SweepView]:
    authorize(user, Action.VIEW)
    return views.page(session, views.Filters(state or (), owner, project, search), cursor, limit)


@router.get("/sweeps/{sweep_id}")
def read_sweep(sweep_id: SweepId, user: CurrentUser, session: ReadSession) -> SweepDetail:
    authorize(user, Action.VIEW)
    return views.detail(session, service.get(session, sweep_id))


@router.post("/sweeps/{sweep_id}/pause")
def pause_sweep(sweep_id: SweepId, user: CurrentUser, session: WriteSession) -> SweepView:
    return views.view(session, service.pause(session, user, sweep_id))


@router.post("/sweeps/{sweep_id}/resume")
def resume_sweep(sweep_id: SweepId, user: CurrentUser, session: WriteSession) -> SweepView:
    sweep = service.resume(session, user, sweep_id)
    return views.view(session, sweep)


@router.post("/sweeps/{sweep_id}/stop")
def stop_sweep(sweep_id: SweepId, user: CurrentUser, session: WriteSession, master: MasterDep) -> SweepView:
    return views.view(session, service.stop(session, master, user, sweep_id))
