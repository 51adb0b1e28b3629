"""Asks an endpoint that is ready, and waits for the answer for as long as there can be one."""

import time
from typing import Final

from fastapi.concurrency import run_in_threadpool

from app.errors import TooManyRequests, Unavailable, Unprocessable
from app.models import Endpoint, Job
from app.serving import endpoints
from app.serving.call import Call
from app.serving.endpoints import CALLED_OFF
from app.serving.exchange import SLICE, Place, room_of
from proteinx.contracts.phrases import say
from proteinx.contracts.serving import Answer, Refusal

MARGIN: Final = 5.0
"""Seconds that the broker keeps a request longer than its caller waits."""
LATER: Final = {"Retry-After": "2"}
_RETRY: Final = 5


class Moved(Exception):
    """The endpoint ended before its worker took the request: another may answer it."""


async def ask(call: Call, place: Place) -> Answer:
    """Raises Moved, TooManyRequests("endpoint_busy"), Unprocessable, Unavailable."""
    seconds = call.limits.answer_seconds
    limit = call.limits.per_endpoint
    room = call.exchange.room(room_of(place.job_id), call.asked.id, limit=limit, seconds=seconds + MARGIN)
    async with room as entered:
        if not entered:
            detail = say("endpoint_busy", model=call.model, limit=limit)
            raise TooManyRequests("endpoint_busy", detail, headers=LATER)
        await call.exchange.ask(place, call.asked, seconds + MARGIN)
        reply = await _reply(call, place, time.monotonic() + seconds)
    if isinstance(reply, Refusal):
        field = None if reply.index is None else f"sequences.{reply.index}"
        raise Unprocessable(reply.code, reply.detail, field=field)
    return reply


async def _reply(call: Call, place: Place, until: float) -> Answer | Refusal:
    ticket = call.asked.id
    while True:
        left = until - time.monotonic()
        reply = await call.exchange.reply(ticket, min(SLICE, max(left, 0.0)))
        if reply is not None:
            return reply
        if left <= 0:
            await call.exchange.withdraw(place, ticket)
            detail = say("no_answer", model=call.model, seconds=f"{call.limits.answer_seconds:g}")
            raise Unavailable("no_answer", detail, retry_after=_RETRY, job=place.job_id)
        if not await call.exchange.is_open(place, ticket):
            if (reply := await call.exchange.reply(ticket, 0.0)) is not None:  # it came between the two looks
                return reply
            raise Unavailable("request_lost", say("request_lost"), job=place.job_id)
        if not await run_in_threadpool(_is_answering, call, place):
            await _leave(call, place)


async def _leave(call: Call, place: Place) -> None:
    """Raises Moved where no worker had taken the request, else Unavailable("endpoint_gone").

    Where a person has stopped the endpoint, nobody starts it again of themselves.
    """
    is_untaken = await call.exchange.withdraw(place, call.asked.id)
    if is_untaken and not await run_in_threadpool(_is_stopped, call, place):
        raise Moved(place.job_id)
    detail = say("endpoint_gone", job=place.job_id[:12], model=call.model)
    raise Unavailable("endpoint_gone", detail, job=place.job_id)


def _is_stopped(call: Call, place: Place) -> bool:
    """A job that others made way for is no row's any more."""
    with call.master.db.read() as session:
        row = session.get(Endpoint, (call.version.name, call.version.version))
        is_its = row is not None and row.job_id == place.job_id
        return is_its and session.get_one(Job, place.job_id).state in CALLED_OFF


def _is_answering(call: Call, place: Place) -> bool:
    with call.master.db.read() as session:
        return endpoints.is_answering(session, call.version, place)
