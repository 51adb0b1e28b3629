"""Many jobs beside each other, in two queries and at most one question to MLflow."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from app.errors import NotFound
from app.master import Master
from app.models import Job, User
from app.projects.flat import flatten
from proteinx.contracts.runs import ComparedRun
from proteinx.contracts.states import JOB_ENDS, JobState

MOST: Final = 500


def compare(master: Master, ids: Sequence[str]) -> list[ComparedRun]:
    """In the order asked for. Raises NotFound naming the first job that is not there."""
    with master.db.read() as session:
        rows = session.execute(select(Job, User.name).join(User, User.id == Job.owner_id).where(Job.id.in_(ids))).all()
    found = {job.id: (job, owner) for job, owner in rows}
    for job_id in ids:
        if job_id not in found:
            raise NotFound("unknown_job", f"There is no job {job_id}.")
    live = _live_metrics(master, [job for job, _ in found.values()])
    return [_run(*found[job_id], live.get(job_id, {})) for job_id in dict.fromkeys(ids)]


def _live_metrics(master: Master, jobs: Sequence[Job]) -> dict[str, dict[str, float]]:
    """Of those whose metrics the master has not taken over yet, which it does when they have ended."""
    asked = {job.id: job.experiment_id for job in jobs if not job.metrics and _may_have_metrics(job)}
    return master.tracking.metrics_of(asked) if asked else {}


def _may_have_metrics(job: Job) -> bool:
    return job.started_at is not None and (JobState(job.state) not in JOB_ENDS or job.run_status == "RUNNING")


def _run(job: Job, owner: str, live: dict[str, float]) -> ComparedRun:
    return ComparedRun(
        id=job.id,
        name=job.name,
        owner=owner,
        state=JobState(job.state),
        experiment_id=job.experiment_id,
        inputs=job.inputs,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        settings={key: _text(value) for key, value in flatten(_given(job))},
        metrics={**job.metrics, **live},
    )


def _given(job: Job) -> dict[str, Any]:
    own = {"project": job.project, "entry_point": job.entry_point, "snapshot": job.snapshot, "inputs": job.inputs}
    return {**own, **(job.config or {"parameters": job.parameters, "overrides": job.overrides})}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
