"""The caller's side, in one call: the model's endpoint is found or started, asked, and its answer waited for."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi.concurrency import run_in_threadpool

from app.accounts.actor import UserActor
from app.clock import now
from app.datasets.inputs import find_version
from app.errors import TooManyRequests, Unavailable, Unprocessable
from app.jobs import explain
from app.master import Master
from app.models import Endpoint, Job
from app.serving import endpoints, starting
from app.serving.endpoints import Standing
from app.serving.exchange import SLICE, Exchange, Place
from app.serving.polling import room_of
from app.workdir.service import get_settings
from proteinx.contracts.models import ModelVersionView
from proteinx.contracts.phrases import say
from proteinx.contracts.serving import Answer, Asked, Cell, Predictions, Refusal, SequenceIn, ServingSettings
from proteinx.contracts.states import JOB_ENDS, JobState

_LOOK: Final = 0.1
"""Seconds between two looks at an endpoint that starts."""
_PATIENCE: Final = 3.0
"""So long the broker may not know that a ready endpoint asks for requests: a flush makes it forget for a moment."""
_MASTER_SECONDS: Final = 45.0
"""Since its start a master calls no endpoint silent for so long: what waited for it comes back only by and by."""
_LATER: Final = {"Retry-After": "2"}
_START_RETRY: Final = 5
_FAILED_RETRY: Final = 30
_MARGIN: Final = 5.0


class Moved(Exception):
    """The endpoint ended before its worker took the request: another may answer it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, from here to its answer."""

    master: Master
    exchange: Exchange
    user: UserActor
    limits: ServingSettings
    version: ModelVersionView
    asked: Asked
    until: float
    """Until when it waits for an endpoint that starts; monotonic."""

    @property
    def model(self) -> str:
        return f"{self.version.name}@{self.version.version}"


async def predict(
    master: Master,
    exchange: Exchange,
    user: UserActor,
    reference: str,
    sequences: Sequence[SequenceIn],
    *,
    limits: ServingSettings,
    wait: float,
    began: float,
) -> Predictions:
    """Raises NotFound for the model, TooManyRequests, Unavailable, and Unprocessable for what the model refuses."""
    if not limits.endpoints:
        raise Unavailable("serving_off", say("serving_off"), retry_after=3600)
    name, _, wanted = reference.partition("@")
    version = await run_in_threadpool(find_version, master, name, wanted or None)
    asked = Asked(id=secrets.token_hex(16), sequences=list(sequences))
    call = Call(master, exchange, user, limits, version, asked, time.monotonic() + wait)
    longest = wait + limits.answer_seconds + _MARGIN
    room = exchange.room(f"user:{user.id}", asked.id, limit=limits.per_user, seconds=longest)
    async with room as entered:
        if not entered:
            detail = say("person_busy", limit=limits.per_user)
            raise TooManyRequests("too_many_predictions", detail, headers=_LATER)
        place, answer, warm = await _answered(call)
    return _shown(call, place, answer, warm=warm, milliseconds=(time.monotonic() - began) * 1000)


async def _answered(call: Call) -> tuple[Place, Answer, bool]:
    warm = True
    while True:
        place, at_once = await _ready(call)
        warm = warm and at_once
        try:
            return place, await _ask(call, place), warm
        except Moved:
            warm = False


# --- an endpoint that is ready ---


async def _ready(call: Call) -> tuple[Place, bool]:
    """Where to ask, and whether it was ready at once.

    Raises Unavailable("model_starting") once it has waited long enough, and what starting raises.
    """
    at_once = True
    silent_since: float | None = None
    seen: str | None = None
    while True:
        standing = await run_in_threadpool(_find, call, seen)
        replaces = None
        if standing is not None and standing.is_ready:
            if await call.exchange.is_alive(standing.place):
                return standing.place, at_once
            silent_since = silent_since or time.monotonic()
            if _is_silent(call.master, silent_since):
                replaces = standing.job_id
        else:
            silent_since = None
        if standing is None or replaces:
            await _start(call, replaces)
        at_once = False
        if time.monotonic() >= call.until:
            raise await run_in_threadpool(_starting, call)
        seen = standing.job_id if standing is not None and not replaces else None
        await asyncio.sleep(_LOOK)


def _find(call: Call, seen: str | None) -> Standing | None:
    """Raises Unavailable("endpoint_failed") where the job that was to load the model could not."""
    with call.master.db.read() as session:
        job = session.get(Job, seen) if seen else None
        if job is not None and job.state == JobState.FAILED.value:
            detail = say("endpoint_failed", job=job.id[:12], model=call.model, reason=job.reason or job.state)
            raise Unavailable("endpoint_failed", detail, retry_after=_FAILED_RETRY, job=job.id)
        return endpoints.find(session, call.version)


def _is_silent(master: Master, since: float) -> bool:
    is_settled = (now() - master.ready_at).total_seconds() > _MASTER_SECONDS
    return is_settled and time.monotonic() - since > _PATIENCE


async def _start(call: Call, replaces: str | None) -> None:
    jobs = await run_in_threadpool(_jobs, call.master)
    inside = await call.exchange.inside([room_of(job_id) for job_id in jobs])
    busy = {job_id: inside[room_of(job_id)] for job_id in jobs}
    await run_in_threadpool(starting.start, call.master, call.user, starting.Start(call.version, busy, replaces))


def _jobs(master: Master) -> list[str]:
    with master.db.read() as session:
        return [job.id for _, job in endpoints.live(session)]


def _starting(call: Call) -> Unavailable:
    """Says which job loads the model, and why it takes so long."""
    with call.master.db.read() as session:
        row = session.get(Endpoint, (call.version.name, call.version.version))
        job = session.get(Job, row.job_id) if row is not None and row.job_id else None
        if job is None or JobState(job.state) in JOB_ENDS:
            return Unavailable("endpoint_gone", say("model_between", model=call.model), retry_after=_START_RETRY)
        reason = explain.explain(session, call.master, job).summary
    detail = say("model_starting", model=call.model, job=job.id[:12], reason=reason)
    return Unavailable("model_starting", detail, retry_after=_START_RETRY, job=job.id)


# --- asking it ---


async def _ask(call: Call, place: Place) -> Answer:
    """Raises Moved, TooManyRequests("endpoint_busy"), Unprocessable, Unavailable."""
    seconds = call.limits.answer_seconds
    limit = call.limits.per_endpoint
    room = call.exchange.room(room_of(place.job_id), call.asked.id, limit=limit, seconds=seconds + _MARGIN)
    async with room as entered:
        if not entered:
            detail = say("endpoint_busy", model=call.model, limit=limit)
            raise TooManyRequests("endpoint_busy", detail, headers=_LATER)
        await call.exchange.ask(place, call.asked, seconds + _MARGIN)
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
            raise Unavailable("no_answer", detail, retry_after=_START_RETRY, job=place.job_id)
        if not await call.exchange.is_open(place, ticket):
            if (reply := await call.exchange.reply(ticket, 0.0)) is not None:  # it came between the two looks
                return reply
            raise Unavailable("request_lost", say("request_lost"), job=place.job_id)
        if not await run_in_threadpool(_is_answering, call, place):
            await _leave(call, place)


async def _leave(call: Call, place: Place) -> None:
    """Raises Moved where no worker had taken the request, else Unavailable("endpoint_gone")."""
    if await call.exchange.withdraw(place, call.asked.id):
        raise Moved(place.job_id)
    detail = say("endpoint_gone", job=place.job_id[:12], model=call.model)
    raise Unavailable("endpoint_gone", detail, job=place.job_id)


def _is_answering(call: Call, place: Place) -> bool:
    with call.master.db.read() as session:
        return endpoints.is_answering(session, call.version, place)


def _shown(call: Call, place: Place, answer: Answer, *, warm: bool, milliseconds: float) -> Predictions:
    names = list(answer.columns)
    cells: list[list[Cell]] = list(answer.columns.values())
    return Predictions(
        model=call.version.name,
        version=call.version.version,
        columns=names,
        rows=[dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)],
        warm=warm,
        milliseconds=round(milliseconds, 2),
        model_milliseconds=answer.milliseconds,
        job_id=place.job_id,
    )


def limits_of(master: Master) -> ServingSettings:
    with master.db.read() as session:
        return get_settings(session).serving
