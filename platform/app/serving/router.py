"""Predictions on demand, and the endpoints that make them."""

import time
from typing import Annotated, Any, Final

from fastapi import APIRouter, BackgroundTasks, Path, Query, Request
from fastapi.concurrency import run_in_threadpool

from app.accounts.authorize import Action, authorize
from app.committing import CommittingRoute
from app.deps import CurrentMember, CurrentUser, ExchangeDep, MasterDep, WriteSession
from app.serving import calling, endpoints, polling, reading, views
from proteinx.contracts.serving import (
    DEFAULT_WAIT,
    MAX_WAIT,
    EndpointView,
    Next,
    Predictions,
    PredictRequest,
)

router = APIRouter(tags=["serving"], route_class=CommittingRoute)

JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
LONGEST_POLL: Final = 60.0


def _body() -> dict[str, Any]:
    """Read by hand: it may also be FASTA, and what is too large is refused before it is all here."""
    schema = PredictRequest.model_json_schema()
    [sequence] = schema.pop("$defs").values()
    items = schema["properties"]["sequences"]["items"]
    items["anyOf"] = [sequence if "$ref" in one else one for one in items["anyOf"]]
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.post("/models/{model}/predict", openapi_extra=_body())
async def predict_now(
    model: Annotated[str, Path(description="NAME@VERSION, NAME@ALIAS, or NAME for the newest version.")],
    request: Request,
    user: CurrentUser,
    master: MasterDep,
    exchange: ExchangeDep,
    background: BackgroundTasks,
    wait: Annotated[float, Query(ge=0, le=MAX_WAIT, description="Seconds to wait for a model that starts.")] = (
        DEFAULT_WAIT
    ),
) -> Predictions:
    """Of a few sequences, in this call, by a worker that keeps the model loaded. FASTA may be sent as text/plain."""
    began = time.monotonic()
    authorize(user, Action.VIEW)
    limits = await run_in_threadpool(calling.limits_of, master)
    sequences = await reading.read(request, limits)
    found = await calling.predict(master, exchange, user, model, sequences, limits=limits, wait=wait, began=began)
    background.add_task(endpoints.note_use, master.db, found.job_id)
    return found


@router.get("/endpoints")
async def list_endpoints(user: CurrentUser, master: MasterDep, exchange: ExchangeDep) -> list[EndpointView]:
    """The models that are loaded, or being loaded, the last used first."""
    authorize(user, Action.VIEW)
    return await views.listing(master, exchange, user)


@router.post("/endpoints/{job_id}/stop", status_code=204)
def stop_endpoint(job_id: JobId, user: CurrentUser, session: WriteSession, master: MasterDep) -> None:
    endpoints.stop(session, master, user, job_id)


@router.get("/jobs/{job_id}/attempts/{number}/requests")
async def next_request(
    job_id: JobId,
    number: int,
    request: Request,
    member: CurrentMember,
    master: MasterDep,
    exchange: ExchangeDep,
    wait: Annotated[float, Query(ge=0, le=LONGEST_POLL)] = 20.0,
) -> Next:
    place = polling.place_of(member, job_id, number)
    return await polling.next_request(master, exchange, member, place, wait=wait, request=request)


@router.post("/jobs/{job_id}/attempts/{number}/replies", status_code=204)
async def send_reply(
    job_id: JobId, number: int, request: Request, member: CurrentMember, exchange: ExchangeDep
) -> None:
    """An `Answer` or a `Refusal`, read by hand as far as it may be long."""
    await polling.answer(exchange, polling.place_of(member, job_id, number), request)
