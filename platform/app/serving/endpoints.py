"""The rows of endpoints: which job answers for which model, since when, and whether it is still wanted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import MemberActor, UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.db import Database
from app.errors import NotFound
from app.jobs import actions, attempts
from app.master import Master
from app.models import Endpoint, Job
from app.serving.exchange import Place
from app.workdir.service import get_settings
from proteinx.contracts.models import ModelVersionView
from proteinx.contracts.phrases import say
from proteinx.contracts.serving import EndpointState
from proteinx.contracts.states import JOB_ENDS, JobState

MAKING: Final = timedelta(seconds=60)
"""So long a job may take to be made; who claimed it has died if it took longer."""
_LIVE: Final = [state.value for state in JobState if state not in JOB_ENDS]
CALLED_OFF: Final = (JobState.CANCELLING.value, JobState.CANCELLED.value)
_STANDING: Final = (JobState.SCHEDULED.value, JobState.RUNNING.value)
"""States in which the newest attempt may be asked."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A version's endpoint as the database has it."""

    job_id: str
    state: JobState
    place: Place
    is_ready: bool
    """Its newest attempt has loaded the model; whether it still asks for requests, the broker knows."""


def find(session: Session, version: ModelVersionView) -> Standing | None:
    """None where no job that could answer is there."""
    row = session.get(Endpoint, (version.name, version.version))
    job = session.get(Job, row.job_id) if row is not None and row.job_id else None
    if row is None or job is None or job.state not in _LIVE or job.state == JobState.CANCELLING.value:
        return None
    return Standing(job.id, JobState(job.state), Place(job.id, job.attempt), _is_ready(row, job))


def is_making(row: Endpoint | None, at: datetime) -> bool:
    """Whether somebody has claimed to make its job, and may still be at it."""
    return row is not None and row.claimed_at is not None and at - row.claimed_at < MAKING


def _is_ready(row: Endpoint, job: Job) -> bool:
    return row.ready_attempt == job.attempt > 0 and job.state in _STANDING


def state_of(row: Endpoint, job: Job) -> EndpointState:
    """As far as the database knows: `silent` it does not."""
    if job.state == JobState.CANCELLING.value:
        return "ending"
    if job.state not in _STANDING:
        return "waiting"
    return "ready" if _is_ready(row, job) else "starting"


def is_answering(session: Session, version: ModelVersionView, place: Place) -> bool:
    """Whether this very attempt is still the one that is asked."""
    standing = find(session, version)
    return standing is not None and standing.is_ready and standing.place == place


def live(session: Session) -> list[tuple[Endpoint, Job]]:
    """Those whose job has not ended, the last used first."""
    rows = select(Endpoint, Job).join(Job, Job.id == Endpoint.job_id).where(Job.state.in_(_LIVE))
    return [(row, job) for row, job in session.execute(rows.order_by(Endpoint.last_used_at.desc()))]


def note_use(db: Database, job_id: str) -> None:
    """One more request was answered."""
    with db.write() as session:
        used = update(Endpoint).where(Endpoint.job_id == job_id)
        session.execute(used.values(requests=Endpoint.requests + 1, last_used_at=now()))


# --- what the polls of an attempt tell and are told ---


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a poll of an endpoint's job is told."""

    recently: bool
    """Whether it was used of late."""
    answer_seconds: float
    """So long it may take for a request."""


def check_in(master: Master, actor: MemberActor) -> Wanted | None:
    """Notes that the attempt has loaded its model. None where nobody wants it at all."""
    with master.db.read() as session:
        row = session.scalars(select(Endpoint).where(Endpoint.job_id == actor.job_id)).one_or_none()
        if row is None:
            return None
        is_new = row.ready_attempt != actor.attempt
        limits = get_settings(session).serving
    if is_new:
        with master.db.write() as session:
            ready = update(Endpoint).where(Endpoint.job_id == actor.job_id)
            session.execute(ready.values(ready_attempt=actor.attempt, last_used_at=now()))
    recently = is_new or now() - row.last_used_at < timedelta(minutes=limits.idle_minutes)
    return Wanted(recently, limits.answer_seconds)


def retire(master: Master, job_id: str) -> str | None:
    """Takes an endpoint off that was not used for too long; why, or None where it was used in this very moment.

    From then on nobody asks its job, and the next request for the model gets another.
    """
    with master.db.write() as session:
        row = session.scalars(select(Endpoint).where(Endpoint.job_id == job_id).with_for_update()).one_or_none()
        idle = _idle(session)
        if row is not None and now() - row.last_used_at < idle:
            return None
        if row is not None:
            row.job_id = None
        return say("endpoint_idle", minutes=f"{idle.total_seconds() / 60:g}")


def _idle(session: Session) -> timedelta:
    return timedelta(minutes=get_settings(session).serving.idle_minutes)


# --- ending one ---


def stop(session: Session, master: Master, user: UserActor, job_id: str) -> None:
    """Raises NotFound("unknown_endpoint"), Forbidden for whoever neither owns it nor is an admin."""
    authorize(user, Action.VIEW)
    row = session.scalars(select(Endpoint).where(Endpoint.job_id == job_id)).one_or_none()
    job = session.get(Job, job_id) if row is not None else None
    if row is None or job is None or job.state not in _LIVE:
        raise NotFound("unknown_endpoint", f"No endpoint is job {job_id[:12]}; `px models endpoints` lists them.")
    actions.cancel(session, master, user, job_id)
    audit.write(session, user, "endpoint.stop", f"model:{row.model}/{row.version}", {"job": job_id})


def call_off(session: Session, master: Master, row: Endpoint, *, actor: str, reason: str) -> None:
    """Ends its job, if there is one, and leaves the row free for another."""
    job = attempts.lock_job(session, row.job_id) if row.job_id else None
    if job is not None:
        actions.call_off(session, master, job, actor=actor, reason=reason)
    row.job_id = None
    session.flush()


def longest_unused(
    session: Session, busy: Mapping[str, int], *, but: tuple[str, str], rest: timedelta
) -> Endpoint | None:
    """The one to displace: ready, nothing under way, and unused for `rest` at least. `busy`: requests by job."""
    at = now()
    free = [
        row
        for row, job in live(session)
        if (row.model, row.version) != but and _is_ready(row, job) and not busy.get(job.id) and _rested(row, at, rest)
    ]
    return free[-1] if free else None


def _rested(row: Endpoint, at: datetime, rest: timedelta) -> bool:
    return at - row.last_used_at >= rest


def taken(session: Session, but: tuple[str, str]) -> int:
    """Places for models that are in use, those whose job is just being made included."""
    at = now()
    held: Collection[tuple[str, str]] = {(row.model, row.version) for row, _ in live(session)}
    making = session.scalars(select(Endpoint).where(Endpoint.claimed_at.is_not(None)))
    return len({*held, *((row.model, row.version) for row in making if is_making(row, at))} - {but})
