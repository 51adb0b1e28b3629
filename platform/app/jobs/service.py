"""Makes jobs: everything they depend on is resolved, checked and pinned before a row says that they exist."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import quotas
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.datasets import inputs
from app.errors import Conflict
from app.jobs import artifacts, explain, tags
from app.jobs.transitions import record
from app.master import Master
from app.models import Job
from app.nodes import fit
from app.projects import compose, entry_points, environments
from app.projects.service import resolve_snapshot
from app.scheduling.capacity import PendingJob
from app.scheduling.environments import needing
from app.tracking.client import CreatedRun
from proteinx.contracts.jobs import JobCheck, JobCreate
from proteinx.contracts.states import RUN_STATUS, JobState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A request with all that it names resolved."""

    snapshot: str
    inputs: dict[str, str]
    composed: compose.Composed


def create(master: Master, user: UserActor, request: JobCreate, *, parent_job: str | None = None) -> Job:
    """The new job, pending; the one made before if its owner repeats an idempotency key.

    Raises Unprocessable naming what is wrong with the request, Conflict("idempotency_mismatch") for a key that came
    with another request, Unavailable while MLflow or the workdir is away. Nothing is left behind where it raises.
    """
    authorize(user, Action.CREATE)
    digest = _digest(request, parent_job)
    with master.db.read() as session:
        earlier = _earlier(session, user, request, digest)
    if earlier is not None:
        return earlier
    checked = _check(master, user, request)
    run_tags = tags.of_run(user, request, checked.snapshot, parent_job)
    run = master.tracking.create_run(request.experiment, request.name or "", user.name, run_tags)
    with _deleted_on_error(master, run):
        job = _row(user, request, checked, run, digest=digest, parent_job=parent_job)
        _describe(master, job, request, checked)
        try:
            with master.db.write() as session:
                quotas.require_room(session, user, request)
                session.add(job)
                session.flush()
                record(session, job, "created", actor=user.label, reason="")
        except IntegrityError:
            with master.db.read() as session:
                earlier = _earlier(session, user, request, digest)
            if earlier is None:
                raise
    if earlier is not None:  # the same request came twice at once, and the other one was first
        _delete_run(master, run)
        return earlier
    return job


def check(master: Master, user: UserActor, request: JobCreate) -> JobCheck:
    """What `create` would make; raises what `create` would raise, and makes nothing."""
    authorize(user, Action.CREATE)
    checked = _check(master, user, request)
    return JobCheck(
        project=request.project,
        snapshot=checked.snapshot,
        entry_point=request.entry_point,
        inputs=checked.inputs,
        config=checked.composed.config,
        params=checked.composed.params,
        estimated_start=_estimate(master, user, request),
    )


def _estimate(master: Master, user: UserActor, request: JobCreate) -> datetime | None:
    job = PendingJob(
        id="",
        priority=request.priority,
        created_at=now(),
        resources=needing(request.resources, request.environment),
        owner=user.id,
        duration=None if request.time_limit is None else request.time_limit + request.grace,
    )
    with master.db.read() as session:
        return explain.look(session, master, job).starts_at


def _check(master: Master, user: UserActor, request: JobCreate) -> _Checked:
    tags.require_valid(request.tags)
    with master.db.read() as session:
        quotas.require_room(session, user, request)
        fit.require_possible(session, needing(request.resources, request.environment))
    with master.db.write() as session:
        _, snapshot = resolve_snapshot(session, master, request.project, request.snapshot)
        entry_point = entry_points.find(snapshot, request.entry_point)
        resolved = inputs.resolve(session, master, entry_point, request.inputs)
    environments.require(master, snapshot, request.environment)
    # No session is held while the config is composed: it takes a process of its own, and time.
    composed = compose.check(master, snapshot, entry_point, request.parameters, request.overrides, set(resolved))
    return _Checked(snapshot.digest, resolved, composed)


def _earlier(session: Session, user: UserActor, request: JobCreate, digest: str) -> Job | None:
    if request.idempotency_key is None:
        return None
    query = select(Job).where(Job.owner_id == user.id, Job.idempotency_key == request.idempotency_key)
    job = session.scalars(query).one_or_none()
    if job is not None and job.request_digest != digest:
        raise Conflict(
            "idempotency_mismatch",
            f"The idempotency key {request.idempotency_key!r} came with another request before, which made job "
            f"{job.id}; use a new key.",
            field="idempotency_key",
        )
    return job


def _digest(request: JobCreate, parent_job: str | None) -> str:
    body = request.model_dump_json(exclude={"idempotency_key"})
    return hashlib.sha256(f"{parent_job}\n{body}".encode()).hexdigest()


def _row(
    user: UserActor, request: JobCreate, checked: _Checked, run: CreatedRun, *, digest: str, parent_job: str | None
) -> Job:
    return Job(
        id=run.run_id,
        name=request.name or f"{request.project}-{request.entry_point}-{run.run_id[:6]}",
        owner_id=user.id,
        project=request.project,
        snapshot=checked.snapshot,
        entry_point=request.entry_point,
        parameters=request.parameters,
        overrides=request.overrides,
        inputs=checked.inputs,
        config=checked.composed.config,
        resources=request.resources.model_dump(),
        experiment=request.experiment,
        experiment_id=run.experiment_id,
        tags=request.tags,
        notes=request.notes,
        priority=request.priority,
        preemptible=request.preemptible,
        max_attempts=request.max_attempts,
        time_limit=request.time_limit,
        queue_limit=request.queue_limit,
        lease=request.lease,
        on_partition=request.on_partition,
        grace=request.grace,
        register_as=request.register_as,
        environment=request.environment,
        warm_start=request.warm_start,
        idempotency_key=request.idempotency_key,
        request_digest=digest,
        parent_job=parent_job,
        parent_run=request.parent_run,
        state=JobState.PENDING.value,
        run_status=RUN_STATUS[JobState.PENDING],
        created_at=now(),
    )


def _describe(master: Master, job: Job, request: JobCreate, checked: _Checked) -> None:
    """Params, config and the tags that need the run's id; written once, here."""
    extra = {tags.JOB_TAG: job.id}
    if request.name is None:
        extra["mlflow.runName"] = job.name
    config = checked.composed.config
    params = {} if config is None else tags.param_keys(checked.composed.params)
    master.tracking.describe(job.id, extra, params)
    if config is not None:
        artifacts.put_config(master, job.id, config)


@contextmanager
def _deleted_on_error(master: Master, run: CreatedRun) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _delete_run(master, run)
        raise


def _delete_run(master: Master, run: CreatedRun) -> None:
    try:
        master.storage.delete(f"artifacts/{run.run_id}")
        master.tracking.delete_run(run.run_id)
    except Exception:  # what went wrong before is what the caller must hear
        # The sweeper ends runs of ours that have no job, so this one will not stay open.
        log.warning("the run %s has no job and could not be deleted", run.run_id, exc_info=True)
