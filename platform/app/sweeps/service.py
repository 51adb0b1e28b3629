"""Makes sweeps, and what people do to them: pause, resume, stop."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.errors import Conflict, NotFound
from app.jobs import actions, attempts
from app.jobs.tags import JOB_TAG, param_keys
from app.master import Master
from app.models import Sweep, Trial
from app.sweeps import checking
from app.tracking.client import CreatedRun
from proteinx.contracts.phrases import say
from proteinx.contracts.sweeps import SWEEP_ENDS, SweepCreate, SweepState, TrialState

log = logging.getLogger(__name__)

SWEEP_RUN: Final = "sweep"
"""The value of the run's job tag: it is the master's, and no job's."""


def create(master: Master, user: UserActor, request: SweepCreate) -> Sweep:
    """The new sweep, running; the one made before if its owner repeats an idempotency key.

    Raises Unprocessable naming the key at fault, Conflict("idempotency_mismatch"), Unavailable. Nothing is left behind
    where it raises.
    """
    authorize(user, Action.CREATE)
    digest = hashlib.sha256(request.model_dump_json(exclude={"idempotency_key"}).encode()).hexdigest()
    with master.db.read() as session:
        earlier = _earlier(session, user, request, digest)
    if earlier is not None:
        return earlier
    pinned = checking.pinned(master, user, request)
    job = pinned.job
    name = request.name or f"{job.name or job.project}-sweep"
    run = master.tracking.create_run(job.experiment, name, user.name, _tags(pinned))
    with _deleted_on_error(master, run):
        sweep = _row(user, pinned, run, name, digest)
        master.tracking.log_params(run.run_id, _params(pinned))
        master.tracking.set_status(run.run_id, sweep.run_status)
        try:
            with master.db.write() as session:
                session.add(sweep)
                session.flush()
                audit.write(session, user, "sweep.create", sweep.id, {"name": name})
        except IntegrityError:
            with master.db.read() as session:
                earlier = _earlier(session, user, request, digest)
            if earlier is None:
                raise
    if earlier is not None:  # the same request came twice at once, and the other one was first
        master.tracking.delete_run(run.run_id)
        return earlier
    master.wake()
    return sweep


def get(session: Session, sweep_id: str) -> Sweep:
    """Raises NotFound."""
    sweep = session.get(Sweep, sweep_id)
    if sweep is None:
        raise NotFound("unknown_sweep", f"There is no sweep {sweep_id[:64]}.")
    return sweep


def lock(session: Session, sweep_id: str) -> Sweep:
    """The sweep's row, held until the transaction ends. Raises NotFound."""
    get(session, sweep_id)
    return session.get_one(Sweep, sweep_id, with_for_update=True, populate_existing=True)


def pause(session: Session, user: UserActor, sweep_id: str) -> Sweep:
    """Nothing new starts; what runs goes on. Raises Conflict for a sweep that is over or being stopped."""
    sweep = _own(session, user, sweep_id)
    if sweep.state != SweepState.PAUSED.value:
        _require(sweep, SweepState.RUNNING)
        halt(sweep, say("paused_by", user=user.name))
        audit.write(session, user, "sweep.pause", sweep.id)
    return sweep


def halt(sweep: Sweep, reason: str) -> None:
    """Until somebody resumes it."""
    stop_clock(sweep)
    sweep.state, sweep.reason = SweepState.PAUSED.value, reason


def resume(session: Session, user: UserActor, sweep_id: str) -> Sweep:
    sweep = _own(session, user, sweep_id)
    if sweep.state != SweepState.RUNNING.value:
        _require(sweep, SweepState.PAUSED)
        sweep.state, sweep.reason, sweep.running_since = SweepState.RUNNING.value, "", now()
        audit.write(session, user, "sweep.resume", sweep.id)
    return sweep


def stop(session: Session, master: Master, user: UserActor, sweep_id: str) -> Sweep:
    """Cancels what runs; the results so far stay. Repeating it is harmless."""
    sweep = _own(session, user, sweep_id)
    if sweep.state in (SweepState.STOPPING.value, SweepState.STOPPED.value):
        return sweep
    _require(sweep, SweepState.RUNNING, SweepState.PAUSED)
    stop_clock(sweep)
    sweep.state, sweep.reason = SweepState.STOPPING.value, say("stopped_by", user=user.name)
    audit.write(session, user, "sweep.stop", sweep.id)
    live = select(Trial).where(Trial.sweep_id == sweep.id, Trial.state == TrialState.LIVE.value)
    for trial in session.scalars(live.order_by(Trial.number)):
        job = attempts.lock_job(session, trial.job_id) if trial.job_id else None
        if job is not None:
            actions.call_off(session, master, job, actor=user.label, reason=say("sweep_stopped_by", user=user.name))
    return sweep


def stop_clock(sweep: Sweep) -> None:
    sweep.spent, sweep.running_since = spent(sweep), None


def spent(sweep: Sweep) -> float:
    """Seconds that it has run, without its pauses."""
    since = sweep.running_since
    return sweep.spent + (0.0 if since is None else (now() - since).total_seconds())


def _own(session: Session, user: UserActor, sweep_id: str) -> Sweep:
    sweep = lock(session, sweep_id)
    authorize(user, Action.CHANGE, sweep.owner_id)
    return sweep


def _require(sweep: Sweep, *states: SweepState) -> None:
    state = SweepState(sweep.state)
    if state in states:
        return
    over = " It is over; start a new one from it." if state in SWEEP_ENDS else ""
    raise Conflict("illegal_move", f"This sweep is {state.value}.{over}")


def _tags(request: SweepCreate) -> dict[str, str]:
    job = request.job
    own = {
        "mlflow.source.name": job.project,
        "mlflow.source.type": "PROJECT",
        "mlflow.project.entryPoint": job.entry_point,
        "mlflow.project.backend": "proteinx",
        JOB_TAG: SWEEP_RUN,
        "proteinx.project": job.project,
        "proteinx.snapshot": job.snapshot or "",
    }
    return {**job.tags, **own}


def _params(request: SweepCreate) -> dict[str, str]:
    space = {key: dimension.model_dump_json(exclude_defaults=True) for key, dimension in request.space.items()}
    told = {
        "sweep.metric": request.metric,
        "sweep.direction": request.direction,
        "sweep.sampler": request.sampler,
        "sweep.pruner": request.pruner.kind,
        "sweep.seed": str(request.seed),
        **{f"sweep.space.{key}": text for key, text in space.items()},
    }
    return param_keys(told)


def _row(user: UserActor, request: SweepCreate, run: CreatedRun, name: str, digest: str) -> Sweep:
    at = now()
    return Sweep(
        id=run.run_id,
        name=name[:200],
        owner_id=user.id,
        project=request.job.project,
        experiment_id=run.experiment_id,
        request=request.model_dump(mode="json"),
        idempotency_key=request.idempotency_key,
        request_digest=digest,
        state=SweepState.RUNNING.value,
        running_since=at,
        run_status="RUNNING",
        created_at=at,
    )


def _earlier(session: Session, user: UserActor, request: SweepCreate, digest: str) -> Sweep | None:
    if request.idempotency_key is None:
        return None
    query = select(Sweep).where(Sweep.owner_id == user.id, Sweep.idempotency_key == request.idempotency_key)
    sweep = session.scalars(query).one_or_none()
    if sweep is not None and sweep.request_digest != digest:
        told = f"The idempotency key {request.idempotency_key!r} came with another request before; use a new key."
        raise Conflict("idempotency_mismatch", told, field="idempotency_key")
    return sweep


@contextmanager
def _deleted_on_error(master: Master, run: CreatedRun) -> Iterator[None]:
    try:
        yield
    except BaseException:
        try:
            master.tracking.delete_run(run.run_id)
        except Exception:  # what went wrong before is what the caller must hear
            # Runs of ours that nothing belongs to are ended later, so this one will not stay open.
            log.warning("the run %s has no sweep and could not be deleted", run.run_id, exc_info=True)
        raise
