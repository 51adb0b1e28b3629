"""The worker's side: an attempt asks for requests and sends answers, each poll a call that waits at the master."""

import asyncio
from typing import Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import TypeAdapter, ValidationError

from app.accounts.actor import MemberActor
from app.accounts.authorize import Action, authorize
from app.errors import Unprocessable
from app.jobs import scene
from app.master import Master
from app.serving import endpoints
from app.serving.exchange import SLICE, Exchange, Place, room_of
from app.serving.reading import bounded_body
from proteinx.contracts.phrases import say
from proteinx.contracts.serving import Answer, Next, Refusal

ALIVE_SECONDS: Final = 10.0
"""An attempt that has not asked for so long, and has nothing in hand, is silent."""
MOST_BYTES: Final = 8 * 1024**2
"""Of an answer."""
_MARGIN: Final = 5.0
_REPLY: Final[TypeAdapter[Answer | Refusal]] = TypeAdapter(Answer | Refusal)


async def next_request(
    master: Master, exchange: Exchange, actor: MemberActor, place: Place, *, wait: float, request: Request
) -> Next:
    """Waits for one; first of all it hands out again what its last reply may have lost. Raises Gone, Unavailable."""
    until = asyncio.get_running_loop().time() + wait
    while True:
        wanted = await run_in_threadpool(endpoints.check_in, master, actor)
        if wanted is None:
            return Next(end=True, reason=say("endpoint_unwanted"))
        if not wanted.recently and (reason := await _retired(master, exchange, actor.job_id)):
            return Next(end=True, reason=reason)
        await exchange.live(place, ALIVE_SECONDS)
        left = until - asyncio.get_running_loop().time()
        asked = await exchange.take(place, max(0.05, min(SLICE, left)), busy=wanted.answer_seconds + _MARGIN)
        if asked is not None:
            return Next(request=asked)
        if left <= SLICE or await request.is_disconnected():
            return Next()


async def answer(exchange: Exchange, place: Place, request: Request) -> None:
    """Dropped where its caller has gone, or has an answer. Raises TooLarge, Unprocessable, Unavailable."""
    body = await bounded_body(request, MOST_BYTES, "answer_too_large")
    try:
        reply: Answer | Refusal = _REPLY.validate_json(body)
    except ValidationError as error:
        raise Unprocessable("invalid_request", str(error.errors()[0]["msg"])) from error
    await exchange.answer(place, reply, alive=ALIVE_SECONDS)


def place_of(actor: MemberActor, job_id: str, number: int) -> Place:
    """Where the attempt is asked. Raises Forbidden for another's token, Gone for one of an attempt that is over."""
    scene.identify(actor, job_id, number, 0)
    authorize(actor, Action.ACT, job_id)
    return Place(job_id, number)


async def _retired(master: Master, exchange: Exchange, job_id: str) -> str | None:
    room = room_of(job_id)
    if (await exchange.inside([room]))[room]:
        return None
    return await run_in_threadpool(endpoints.retire, master, job_id)
