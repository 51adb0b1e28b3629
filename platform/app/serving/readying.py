"""Finds the endpoint of a model, starts it where there is none, and waits until it can be asked."""

import asyncio
import time
from typing import Final

from fastapi.concurrency import run_in_threadpool

from app.clock import now
from app.errors import Unavailable
from app.jobs import explain
from app.master import Master
from app.models import Endpoint, Job
from app.serving import endpoints, starting
from app.serving.call import Call
from app.serving.endpoints import CALLED_OFF, Standing
from app.serving.exchange import Place, room_of
from proteinx.contracts.phrases import say
from proteinx.contracts.states import JOB_ENDS, JobState

_LOOK: Final = 0.1
"""Seconds between two looks at an endpoint that starts."""
_PATIENCE: Final = 3.0
"""So long the broker may not know that a ready endpoint asks for requests: a flush makes it forget for a moment."""
_MASTER_SECONDS: Final = 45.0
"""Since its start a master calls no endpoint silent for so long: what waited for it comes back only by and by."""
_NOT_LOADED: Final = (JobState.FAILED.value, *CALLED_OFF)
_START_RETRY: Final = 5
_FAILED_RETRY: Final = 30


async def ready(call: Call) -> tuple[Place, bool]:
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
            seen = await _start(call, replaces)
        else:
            seen = standing.job_id
        at_once = False
        if time.monotonic() >= call.until:
            raise await run_in_threadpool(_starting, call)
        await asyncio.sleep(_LOOK)


def _find(call: Call, seen: str | None) -> Standing | None:
    """Raises Unavailable("endpoint_failed") where the job that was to load the model could not, or was called off."""
    with call.master.db.read() as session:
        job = session.get(Job, seen) if seen else None
        if job is not None and job.state in _NOT_LOADED:
            detail = say("endpoint_failed", job=job.id[:12], model=call.model, reason=job.reason or job.state)
            raise Unavailable("endpoint_failed", detail, retry_after=_FAILED_RETRY, job=job.id)
        return endpoints.find(session, call.version)


def _is_silent(master: Master, since: float) -> bool:
    is_settled = (now() - master.ready_at).total_seconds() > _MASTER_SECONDS
    return is_settled and time.monotonic() - since > _PATIENCE


async def _start(call: Call, replaces: str | None) -> str | None:
    jobs = await run_in_threadpool(_jobs, call.master)
    inside = await call.exchange.inside([room_of(job_id) for job_id in jobs])
    busy = {job_id: inside[room_of(job_id)] for job_id in jobs}
    wanted = starting.Start(call.version, busy, replaces)
    return await run_in_threadpool(starting.start, call.master, call.user, wanted)


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
