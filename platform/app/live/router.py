"""`/api/live`: logs, jobs and nodes as they change, over one WebSocket for each page."""

from fastapi import APIRouter, WebSocket
from starlette.concurrency import run_in_threadpool

from app.accounts import gate
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.deps import CurrentUser, MasterDep
from app.errors import AppError
from app.live.connection import Connection, Timing

router = APIRouter()


@router.websocket("/live")
async def live(websocket: WebSocket, user: CurrentUser, master: MasterDep) -> None:
    """Messages are those of `proteinx.contracts.live`."""
    authorize(user, Action.VIEW)
    timing: Timing = getattr(websocket.app.state, "live_timing", Timing())

    async def still_allowed() -> bool:
        try:
            found = await run_in_threadpool(gate.identify, websocket, master)
        except AppError:
            return False
        return found is not None and isinstance(found.actor, UserActor) and found.actor.id == user.id

    await websocket.accept()
    await Connection(websocket, master, still_allowed, timing).run()
