"""The sweep's own MLflow run: its status, and what it says of the best trial."""

import logging
from collections.abc import Sequence
from typing import Any, Final

from app.errors import AppError, Unavailable
from app.jobs import attempts
from app.jobs.tags import param_keys
from app.master import Master
from app.models import Sweep, Trial
from app.scheduling.placing import Fence
from app.sweeps import deciding, harvest, service
from app.tracking.rest import MlflowError
from proteinx.contracts.sweeps import BestTrial, SweepCreate, SweepState

log = logging.getLogger(__name__)

RUN_STATUS: Final[dict[SweepState, str]] = {
    SweepState.RUNNING: "RUNNING",
    SweepState.PAUSED: "RUNNING",
    SweepState.STOPPING: "RUNNING",
    SweepState.FINISHED: "FINISHED",
    SweepState.STOPPED: "KILLED",
    SweepState.FAILED: "FAILED",
}


def best(plan: SweepCreate, trials: Sequence[Trial]) -> dict[str, Any] | None:
    """The finalist with the best mean; before finals, the complete trial with the best value."""
    seen = [harvest.seen(trial) for trial in trials]
    jobs = {trial.number: trial.job_id or "" for trial in trials}
    finals = [view for view in deciding.finals(plan, seen) if view.mean is not None]
    if finals and all(len(view.values) == len(finals[0].values) for view in finals):
        first = finals[0]
        found = BestTrial(
            number=first.number,
            point=first.point,
            value=first.mean or 0.0,
            job_id=jobs[first.number],
            spread=first.spread,
        )
        return found.model_dump()
    ranked = deciding.ranked(plan, seen)
    if not ranked or ranked[0].value is None:
        return None
    top = ranked[0]
    assert top.value is not None  # noqa: S101  checked above
    return BestTrial(number=top.number, point=top.point, value=top.value, job_id=jobs[top.number]).model_dump()


def bring_run_in_line(master: Master, fence: Fence, sweep_id: str) -> None:
    """Raises Unavailable while MLflow is away; the next turn tries again."""
    with master.db.read() as session:
        sweep = service.get(session, sweep_id)
    status = RUN_STATUS[SweepState(sweep.state)]
    if sweep.run_status == status:
        return
    found = BestTrial.model_validate(sweep.best) if sweep.best is not None else None
    version = trouble = ""
    try:
        if found is not None:
            _tell_best(master, sweep, found)
            if sweep.state == SweepState.FINISHED.value:
                version, trouble = _register(master, sweep, found)
        master.tracking.set_status(sweep.id, status)
    except MlflowError as error:  # it said no, and will say so again: a person has deleted the run, for one
        log.warning("MLflow refused to bring the run of sweep %s in line: %s", sweep_id, error)
    with master.db.write() as session:
        fence(session)
        settled = service.lock(session, sweep_id)
        settled.run_status = status
        settled.reason = trouble or settled.reason
        job = attempts.lock_job(session, found.job_id) if found is not None and version else None
        if job is not None:
            job.register_as, job.registered_version = _model_name(settled), version


def _model_name(sweep: Sweep) -> str | None:
    return SweepCreate.model_validate(sweep.request).job.register_as


def _register(master: Master, sweep: Sweep, found: BestTrial) -> tuple[str, str]:
    """The version of the best trial's model, where one was asked for, or why there is none."""
    name = _model_name(sweep)
    if name is None:
        return "", ""
    try:
        return master.tracking.register_model(name, found.job_id), ""
    except Unavailable:
        raise
    except AppError as error:
        return "", f"the best trial's model was not registered as {name}: {error.detail}"


def _tell_best(master: Master, sweep: Sweep, found: BestTrial) -> None:
    point = param_keys({f"proteinx.best.{key}": str(value) for key, value in found.point.items()})
    told = {"proteinx.best_trial": str(found.number), "proteinx.best_run": found.job_id}
    master.tracking.set_tags(sweep.id, {**told, "proteinx.best_value": repr(found.value), **point})
    master.tracking.set_tags(found.job_id, {"proteinx.best_of_sweep": sweep.id})
