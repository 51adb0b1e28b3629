"""Starts the endpoint of a model: an ordinary job of entry point `serve`, owned by whoever asked first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import IntegrityError

from app.accounts.actor import SYSTEM, UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.errors import NotFound, TooManyRequests, Unprocessable
from app.jobs import service
from app.master import Master
from app.models import Endpoint, Job
from app.projects.service import resolve_snapshot
from app.serving import endpoints
from app.workdir.service import get_settings
from proteinx.contracts.jobs import JobCreate, Resources
from proteinx.contracts.mlproject import PATH_TYPE
from proteinx.contracts.models import ModelVersionView
from proteinx.contracts.phrases import say
from proteinx.contracts.serving import ServingSettings

ENTRY_POINT: Final = "serve"
INPUT: Final = "model"
TAG: Final = "endpoint"
"""On the job and its run; its value is `<model>@<version>`."""
EXPERIMENT: Final = "serving"
OWN_PROJECT: Final = "protein"
"""For models that no job of a project made: those that somebody logged from a notebook, with this project's library."""
_LATER: Final = {"Retry-After": "30"}


@dataclass(frozen=True, slots=True)
class Start:
    """What is asked for; `replaces` an endpoint that does not answer any more."""

    version: ModelVersionView
    busy: Mapping[str, int]
    """Requests under way, by job: such endpoints are not displaced."""
    replaces: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.version.name, self.version.version

    @property
    def name(self) -> str:
        return f"{self.version.name}@{self.version.version}"


def start(master: Master, user: UserActor, wanted: Start) -> str | None:
    """The job that it made; None where somebody else is at it.

    Raises Forbidden for viewers, Unprocessable("not_servable"), TooManyRequests("endpoints_taken"), and whatever
    making a job raises; then the endpoint is as it was.
    """
    authorize(user, Action.CREATE)
    with master.db.read() as session:
        limits = get_settings(session).serving
    project = _project(master, wanted)
    if not _claim(master, wanted, limits):
        return None
    try:
        job = service.create(master, user, _request(wanted, project, limits))
    except BaseException:
        _settle(master, wanted, None)
        raise
    _settle(master, wanted, job.id)
    return job.id


def _project(master: Master, wanted: Start) -> str:
    """Raises Unprocessable("not_servable") for one that can't serve a model."""
    with master.db.read() as session:
        maker = session.get(Job, wanted.version.job_id) if wanted.version.job_id else None
    name = maker.project if maker is not None else OWN_PROJECT
    with master.db.write() as session:
        try:
            _, snapshot = resolve_snapshot(session, master, name, None)
            entry_points = snapshot.entry_points
        except NotFound:  # it was removed since
            entry_points = []
    for row in entry_points:
        inputs = [one["name"] for one in row["parameters"] if one["type"] == PATH_TYPE and one["required"]]
        if row["name"] == ENTRY_POINT and inputs == [INPUT]:
            return name
    raise Unprocessable("not_servable", say("not_servable", model=wanted.name, project=name))


def _claim(master: Master, wanted: Start, limits: ServingSettings) -> bool:
    """Whether it is ours to make the job. Raises TooManyRequests where there is no place and none can be made."""
    try:
        with master.db.write() as session:
            row = session.get(Endpoint, wanted.key, with_for_update=True)
            if endpoints.is_making(row, now()):
                return False
            standing = endpoints.find(session, wanted.version)
            if standing is not None and standing.job_id != wanted.replaces:
                return False
            if row is None:
                row = Endpoint(
                    model=wanted.key[0],
                    version=wanted.key[1],
                    ready_attempt=0,
                    requests=0,
                    started_at=now(),
                    last_used_at=now(),
                )
                session.add(row)
            if standing is not None:
                endpoints.call_off(session, master, row, actor=SYSTEM, reason=say("endpoint_replaced"))
            if endpoints.taken(session, wanted.key) >= limits.endpoints:
                rest = timedelta(seconds=limits.rest_seconds)
                unused = endpoints.longest_unused(session, wanted.busy, but=wanted.key, rest=rest)
                if unused is None:
                    detail = say("endpoints_taken", limit=limits.endpoints)
                    raise TooManyRequests("endpoints_taken", detail, headers=_LATER)
                reason = say("endpoint_displaced", model=wanted.name)
                endpoints.call_off(session, master, unused, actor=SYSTEM, reason=reason)
            row.claimed_at = now()
    except IntegrityError:  # another process has just claimed it
        return False
    return True


def _settle(master: Master, wanted: Start, job_id: str | None) -> None:
    with master.db.write() as session:
        row = session.get_one(Endpoint, wanted.key, with_for_update=True)
        row.claimed_at = None
        row.job_id = job_id
        if job_id is not None:
            row.ready_attempt, row.requests = 0, 0
            row.started_at = row.last_used_at = now()


def _request(wanted: Start, project: str, limits: ServingSettings) -> JobCreate:
    return JobCreate(
        project=project,
        entry_point=ENTRY_POINT,
        inputs={INPUT: f"models:/{wanted.key[0]}/{wanted.key[1]}"},
        name=f"{ENTRY_POINT} {wanted.name}"[:200],
        experiment=EXPERIMENT,
        tags={TAG: wanted.name},
        resources=Resources(gpus=limits.gpus, cpus=limits.cpus, memory=limits.memory),
        time_limit=None,  # it ends by itself when nobody uses it
        queue_limit=limits.idle_minutes * 60,  # nobody waits for it any more
        grace=5.0,
    )
