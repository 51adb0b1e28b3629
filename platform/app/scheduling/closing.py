"""Brings MLflow's runs in line with their jobs. A run is closed last, once its metrics and model are noted down."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from app.clock import now
from app.errors import AppError, Unavailable
from app.jobs import attempts
from app.jobs.tags import ATTEMPT_TAG
from app.jobs.transitions import record
from app.master import Master
from app.models import Job
from app.scheduling.placing import Fence
from app.tracking.rest import MlflowError
from proteinx.contracts.phrases import say
from proteinx.contracts.states import JOB_ENDS, RUN_STATUS, JobState

log = logging.getLogger(__name__)

BATCH: Final = 50
SETTLED_SECONDS: Final = 1.0
"""So young moves are not told to MLflow yet, unless they are ends."""
FAILURES: Final = 3
"""So many runs in a row that MLflow fails on, and the pass ends; fewer, and they just come again."""


@dataclass(frozen=True, slots=True)
class _Run:
    job_id: str
    state: JobState
    attempt: int
    register_as: str | None
    registered_version: str | None


def bring_runs_in_line(master: Master, fence: Fence, settled: float = SETTLED_SECONDS) -> None:
    """Raises Unavailable while MLflow is away; the caller tries again later."""
    failures: list[Unavailable] = []
    for run in _out_of_line(master, now() - timedelta(seconds=settled)):
        try:
            _bring_in_line(master, fence, run)
        except Unavailable as error:
            failures.append(error)
            if len(failures) == FAILURES:
                break
    if failures:
        raise failures[0]


def _out_of_line(master: Master, settled: datetime) -> Sequence[_Run]:
    differs = [
        and_(Job.state == state.value, Job.run_status != status, *([] if state in JOB_ENDS else [_older(settled)]))
        for state, status in RUN_STATUS.items()
    ]
    query = (
        select(Job.id, Job.state, Job.attempt, Job.register_as, Job.registered_version)
        .where(or_(*differs))
        .limit(BATCH)
    )
    with master.db.read() as session:
        rows = session.execute(query).all()
    return [_Run(row.id, JobState(row.state), row.attempt, row.register_as, row.registered_version) for row in rows]


def _older(moment: datetime) -> ColumnElement[bool]:
    """A job that is over in less time than that costs MLflow nothing on the way."""
    return and_(Job.created_at < moment, or_(Job.started_at.is_(None), Job.started_at < moment))


def _bring_in_line(master: Master, fence: Fence, run: _Run) -> None:
    found: dict[str, Any] = {}
    troubles: list[tuple[str, str]] = []
    try:
        if run.state in JOB_ENDS:
            found["metrics"] = master.tracking.latest_metrics(run.job_id)
        if run.state is JobState.SUCCEEDED and run.register_as and not run.registered_version:
            version, trouble = _register(master, run.job_id, run.register_as)
            found |= {"registered_version": version} if version else {}
            troubles += [("not_registered", trouble)] if trouble else []
        if run.attempt > 1 or (run.attempt == 0 and run.state in JOB_ENDS):  # else the tag says so from the start
            master.tracking.set_tags(run.job_id, {ATTEMPT_TAG: str(run.attempt)})
        master.tracking.set_status(run.job_id, RUN_STATUS[run.state])
    except MlflowError as error:  # it said no, and will say so again: a person has deleted the run, for one
        log.warning("MLflow refused to bring run %s in line: %s", run.job_id, error)
        troubles.append(("mlflow_refused", str(error)))
    with master.db.write() as session:
        fence(session)
        job = attempts.lock_job(session, run.job_id)
        if job is None:
            return
        job.run_status = RUN_STATUS[run.state]  # if the job has moved on meanwhile, it is out of line again
        for name, value in found.items():
            setattr(job, name, value)
        for kind, reason in troubles:
            record(session, job, kind, actor="scheduler", reason=reason)


def _register(master: Master, job_id: str, name: str) -> tuple[str | None, str | None]:
    """The model's version, or why there is none."""
    try:
        return master.tracking.register_model(name, job_id), None
    except Unavailable:
        raise
    except (AppError, MlflowError) as error:
        return None, say("not_registered", name=name, detail=error)
