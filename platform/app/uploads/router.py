"""Resumable uploads for people and attempts."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from app.committing import CommittingRoute
from app.deps import CurrentActor, MasterDep, ReadSession, WriteSession
from app.errors import AppError, BadRequest
from app.uploads import service
from proteinx.contracts.protocol import HEADER_SHA256
from proteinx.contracts.uploads import SHA256, UploadOpen, UploadView

router = APIRouter(tags=["uploads"], route_class=CommittingRoute)

_BATCH = 1024 * 1024


@router.post("/uploads")
def open_upload(body: UploadOpen, actor: CurrentActor, session: WriteSession, master: MasterDep) -> UploadView:
    return service.open_upload(session, master, actor, body)


@router.get("/uploads/{upload_id}")
def get_upload(upload_id: str, actor: CurrentActor, session: ReadSession, master: MasterDep) -> UploadView:
    return service.view(master, service.get(session, actor, upload_id))


@router.put("/uploads/{upload_id}/parts/{number}", status_code=204)
async def put_part(
    upload_id: str,
    number: Annotated[int, Path(ge=0)],
    *,
    request: Request,
    actor: CurrentActor,
    master: MasterDep,
    sha256: Annotated[str, Header(alias=HEADER_SHA256, pattern=SHA256)],
    content_length: Annotated[int | None, Header(ge=0)] = None,
) -> None:
    if content_length is None:
        raise AppError("length_required", "Send the part with a Content-Length.", status=411)
    writer = await run_in_threadpool(
        service.start_part, master, actor, upload_id, number, sha256=sha256, length=content_length
    )
    batch = bytearray()
    try:
        async for chunk in request.stream():
            batch += chunk
            if len(batch) >= _BATCH:
                await run_in_threadpool(writer.write, bytes(batch))
                batch.clear()
    except ClientDisconnect as error:
        raise BadRequest("part_torn", f"The connection ended inside part {number}; send it again.") from error
    await run_in_threadpool(writer.write, bytes(batch))
    await run_in_threadpool(writer.commit)


@router.post("/uploads/{upload_id}/complete")
def complete_upload(upload_id: str, actor: CurrentActor, master: MasterDep) -> UploadView:
    return service.complete(master, actor, upload_id)
