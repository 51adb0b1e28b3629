from fastapi import APIRouter

from app.accounts.authorize import Action, authorize
from app.committing import CommittingRoute
from app.deps import CurrentUser, MasterDep, ReadSession, WriteSession
from app.workdir import checking, preview, service
from proteinx.contracts.store import StoreCheck
from proteinx.contracts.system import SystemSettings, WorkdirCheck, WorkdirSet, WorkdirView

router = APIRouter(tags=["system"], route_class=CommittingRoute)


@router.get("/workdir")
def read_workdir(actor: CurrentUser, session: ReadSession) -> WorkdirView:
    authorize(actor, Action.VIEW)
    return service.view(session)


@router.put("/workdir")
def set_workdir(body: WorkdirSet, actor: CurrentUser, master: MasterDep) -> WorkdirView:
    authorize(actor, Action.ADMINISTER)
    with master.db.write() as session:
        path = service.set_workdir(session, master.settings, actor, body.path)
    master.workdir_changed(path)
    with master.db.read() as session:
        return service.view(session)


@router.post("/workdir/check")
def check_workdir(body: WorkdirSet, actor: CurrentUser, master: MasterDep) -> WorkdirCheck:
    authorize(actor, Action.ADMINISTER)
    return preview.preview(body.path, master.settings)


@router.get("/workdir/faults")
def check_store(actor: CurrentUser, master: MasterDep, content: bool = False, cursor: str | None = None) -> StoreCheck:
    """A page of files by the order of their paths: whether each is there, by its size, or read whole (`content`)."""
    authorize(actor, Action.ADMINISTER)
    return checking.page(master, content=content, cursor=cursor)


@router.get("/settings")
def read_settings(actor: CurrentUser, session: ReadSession) -> SystemSettings:
    authorize(actor, Action.VIEW)
    return service.get_settings(session)


@router.put("/settings")
def set_settings(body: SystemSettings, actor: CurrentUser, session: WriteSession) -> SystemSettings:
    authorize(actor, Action.ADMINISTER)
    return service.set_settings(session, actor, body)
