"""Makes the jobs of trials whose points are chosen. A trial's row comes first and names its job's idempotency key, so a
master that dies in between makes the same job once, not twice."""

import logging

from sqlalchemy import select

from app.accounts.actor import UserActor
from app.clock import now
from app.errors import AppError, Conflict, Forbidden, Unavailable
from app.jobs import service as jobs
from app.master import Master
from app.models import Snapshot, Sweep, Trial, User
from app.sweeps import checking, harvest, points, service
from app.sweeps.deciding import NewTrial
from proteinx.contracts.accounts import Role
from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.phrases import say
from proteinx.contracts.sweeps import SweepCreate, TrialState

log = logging.getLogger(__name__)


def row(sweep: Sweep, new: NewTrial) -> Trial:
    return Trial(
        sweep_id=sweep.id,
        number=new.number,
        point=new.point,
        finalist=new.finalist,
        seed=new.seed,
        state=TrialState.WAITING.value,
        curve={},
        created_at=now(),
    )


def start_waiting(master: Master, sweep: Sweep, plan: SweepCreate) -> None:
    """In order, until the owner's queue is full: the rest comes at a later turn. Raises Unavailable."""
    with master.db.read() as session:
        query = select(Trial).where(Trial.sweep_id == sweep.id, Trial.state == TrialState.WAITING.value)
        waiting = session.scalars(query.order_by(Trial.number)).all()
        if not waiting:
            return
        owner = session.get_one(User, sweep.owner_id)
        snapshot = session.get_one(Snapshot, plan.job.snapshot)
    if owner.disabled:
        _halt(master, sweep.id, say("owner_gone", user=owner.name))
        return
    user = UserActor(owner.id, owner.name, Role(owner.role))
    declared = checking.parameter_names(snapshot, plan.job.entry_point)
    for trial in waiting:
        if not _start(master, user, sweep, trial, _request(plan, declared, sweep, trial)):
            return


def _start(master: Master, user: UserActor, sweep: Sweep, trial: Trial, request: JobCreate) -> bool:
    """Whether the next one may be tried too."""
    try:
        job = jobs.create(master, user, request)
    except Unavailable:
        raise
    except Forbidden as error:
        _halt(master, sweep.id, error.detail)
        return False
    except AppError as error:
        if isinstance(error, Conflict) and error.code == "queue_full":
            return False
        log.warning("trial %s of sweep %s was refused: %s", trial.number, sweep.id, error)
        _settle(master, trial, None, error.detail)
        return True
    _settle(master, trial, job.id, "")
    return True


def _settle(master: Master, trial: Trial, job_id: str | None, refusal: str) -> None:
    with master.db.write() as session:
        found = session.get_one(Trial, (trial.sweep_id, trial.number))
        if job_id is None:
            harvest.end(found, TrialState.FAILED, refusal)
        else:
            found.job_id, found.state = job_id, TrialState.LIVE.value


def _halt(master: Master, sweep_id: str, reason: str) -> None:
    with master.db.write() as session:
        service.halt(service.lock(session, sweep_id), reason)


def _request(plan: SweepCreate, declared: list[str], sweep: Sweep, trial: Trial) -> JobCreate:
    final = "" if trial.seed is None else f".s{trial.seed}"
    number = trial.number if trial.finalist is None else trial.finalist
    request = points.request(plan, declared, trial.point, f"{sweep.name[:180]}-{number}{final}")
    if trial.seed is not None:
        request = points.seeded(plan, declared, request, trial.seed)
    return request.model_copy(update={"parent_run": sweep.id, "idempotency_key": f"sweep:{sweep.id}:{trial.number}"})
