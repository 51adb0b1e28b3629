"""Logs: appended by the attempt that writes them, read by people (and by the attempt itself)."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from app.accounts.actor import MemberActor
from app.accounts.authorize import Action, authorize
from app.deps import CurrentActor, CurrentMember, MasterDep
from app.errors import Gone, TooLarge
from app.jobs import actions, log_index, logs
from proteinx.contracts.jobs import LogAck
from proteinx.contracts.logs import LogIndex
from proteinx.contracts.protocol import LOG_CHUNK_LIMIT

router = APIRouter()

JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Offset = Annotated[int, Query(ge=0)]
Rank = Annotated[int, Query(ge=0)]


@router.post("/jobs/{job_id}/logs")
async def append_log(
    job_id: JobId,
    attempt: int,
    offset: Offset,
    request: Request,
    member: CurrentMember,
    master: MasterDep,
    rank: Rank = 0,
) -> LogAck:
    """The raw bytes that belong at `offset` of this member's log."""
    authorize(member, Action.ACT, job_id)
    if (member.attempt, member.rank) != (attempt, rank):
        raise Gone("fenced", f"This token is good for attempt {member.attempt}, rank {member.rank}.")
    data = await _body(request)
    return LogAck(size=await run_in_threadpool(logs.append, master, job_id, attempt, rank, offset=offset, data=data))


async def _body(request: Request) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LOG_CHUNK_LIMIT:
            raise TooLarge("chunk_too_large", f"Send at most {LOG_CHUNK_LIMIT} bytes of a log at once.")
    return bytes(data)


@router.get("/jobs/{job_id}/logs/index")
def index_log(
    job_id: JobId,
    actor: CurrentActor,
    master: MasterDep,
    attempt: Annotated[int | None, Query(ge=1)] = None,
    rank: Rank = 0,
    offset: Offset = 0,
    every: Annotated[int, Query(ge=10, le=100_000)] = 500,
) -> LogIndex:
    """Where each `every`-th line of one member's log begins, from the line at `offset` on."""
    authorize(actor, Action.VIEW, job_id if isinstance(actor, MemberActor) else None)
    with master.db.read() as session:
        attempt = attempt or actions.get(session, job_id).attempt
    key = logs.log_key(job_id, attempt, rank)
    return log_index.index(master.storage, key, attempt=attempt, offset=offset, every=every)


@router.get("/jobs/{job_id}/logs", response_class=StreamingResponse)
def read_log(
    job_id: JobId,
    actor: CurrentActor,
    master: MasterDep,
    attempt: Annotated[int | None, Query(ge=1)] = None,
    rank: Rank = 0,
    offset: Offset = 0,
    limit: Annotated[int | None, Query(ge=1)] = None,
    tail: Annotated[int | None, Query(ge=1, le=logs.MAX_TAIL)] = None,
    search: Annotated[str | None, Query(max_length=500)] = None,
) -> StreamingResponse:
    """One member's log, of the newest attempt unless told otherwise.

    From `offset` at most `limit` bytes (without it, all), or the last `tail` lines, or the lines that hold `search`,
    each as `<offset>:<line>`. `X-Log-Next` is the offset to go on from; ask until it equals `X-Log-Size`.
    """
    authorize(actor, Action.VIEW, job_id if isinstance(actor, MemberActor) else None)
    with master.db.read() as session:
        newest = actions.get(session, job_id).attempt
    attempt = attempt or newest
    key = logs.log_key(job_id, attempt, rank)
    if search is not None:
        part = logs.search(master.storage, key, search, offset, limit or logs.MAX_MATCHES)
    elif tail is not None:
        part = logs.tail(master.storage, key, tail)
    else:
        part = logs.read(master.storage, key, offset, limit)
    headers = {
        "X-Log-Attempt": str(attempt),
        "X-Log-Size": str(part.size),
        "X-Log-Offset": str(part.offset),
        "X-Log-Next": str(part.end),
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(part.chunks, media_type="text/plain; charset=utf-8", headers=headers)
