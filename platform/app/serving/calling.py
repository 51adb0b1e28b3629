"""The caller's side, in one call: the model's endpoint is found or started, asked, and its answer waited for."""

import secrets
import time
from collections.abc import Sequence

from fastapi.concurrency import run_in_threadpool

from app.accounts.actor import UserActor
from app.datasets.inputs import find_version
from app.errors import TooManyRequests, Unavailable
from app.master import Master
from app.serving.asking import LATER, MARGIN, Moved, ask
from app.serving.call import Call
from app.serving.exchange import Exchange, Place
from app.serving.readying import ready
from app.workdir.service import get_settings
from proteinx.contracts.phrases import say
from proteinx.contracts.serving import Answer, Asked, Cell, Predictions, SequenceIn, ServingSettings


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
    longest = wait + limits.answer_seconds + MARGIN
    room = exchange.room(f"user:{user.id}", asked.id, limit=limits.per_user, seconds=longest)
    async with room as entered:
        if not entered:
            detail = say("person_busy", limit=limits.per_user)
            raise TooManyRequests("too_many_predictions", detail, headers=LATER)
        place, answer, warm = await _answered(call)
    return _shown(call, place, answer, warm=warm, milliseconds=(time.monotonic() - began) * 1000)


async def _answered(call: Call) -> tuple[Place, Answer, bool]:
    warm = True
    while True:
        place, at_once = await ready(call)
        warm = warm and at_once
        try:
            return place, await ask(call, place), warm
        except Moved:
            warm = False


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
