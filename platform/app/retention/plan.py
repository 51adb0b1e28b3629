"""Which files the rules no longer keep, job by job; nothing is removed here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.jobs.checkpoints import one_to_keep
from app.master import Master
from app.models import Artifact, Checkpoint, Job
from app.storage import keys
from proteinx.contracts.retention import Rules, Surplus
from proteinx.contracts.states import JOB_ENDS, JobState

Kind = Literal["checkpoints", "logs", "results"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_LOGS: Final = "logs"
_UNSUCCESSFUL: Final = (JobState.FAILED.value, JobState.CANCELLED.value)

Files = dict[str, int]
"""Storage key -> bytes."""


@dataclass(slots=True)
class Plan:
    """For each kind the files of each job that may go."""

    of: dict[Kind, dict[str, Files]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def surplus(self, kind: Kind) -> Surplus:
        return surplus(self.of[kind])


def surplus(files: Mapping[str, Files]) -> Surplus:
    size = sum(sum(of_job.values()) for of_job in files.values())
    return Surplus(jobs=len(files), files=sum(len(of_job) for of_job in files.values()), bytes=size)


def plan(master: Master, rules: Rules) -> Plan:
    """Raises Unavailable while MLflow is away: then nobody knows which models are registered."""
    made = Plan()
    if rules == Rules():
        return made
    registered = _registered(master)
    with master.db.read() as session:
        if rules.checkpoints_days is not None:
            made.of["checkpoints"] = _checkpoints(session, _ended(session, rules.checkpoints_days) - registered)
        if rules.results_days is not None:
            ended = _ended(session, rules.results_days, _UNSUCCESSFUL) - registered
            made.of["results"] = _results(session, ended)
        logs = _ended(session, rules.logs_days) - registered if rules.logs_days is not None else set()
    if logs:
        made.of["logs"] = _by_job(master.storage.list(_LOGS), logs)
    return made


def _registered(master: Master) -> set[str]:
    with master.db.read() as session:
        known = set(session.scalars(select(Job.id).where(Job.registered_version.is_not(None))))
    versions = (version for model in master.tracking.models() for version in master.tracking.versions(model.name))
    return known | {version.job_id for version in versions if version.job_id}


def _ended(session: Session, days: float, states: Iterable[str] = JOB_ENDS) -> set[str]:
    before = now() - timedelta(days=days)
    rows = select(Job.id).where(Job.state.in_([str(state) for state in states]), Job.ended_at < before)
    return set(session.scalars(rows))


def _checkpoints(session: Session, ended: set[str]) -> dict[str, Files]:
    rows: dict[str, list[Checkpoint]] = defaultdict(list)
    newest_first = select(Checkpoint).order_by(Checkpoint.attempt.desc(), Checkpoint.step.desc())
    for row in session.scalars(newest_first):
        if row.job_id in ended:
            rows[row.job_id].append(row)
    found = {}
    for job_id, of_job in rows.items():
        kept = {file["key"] for file in one_to_keep(of_job).files}
        files = {file["key"]: file["size"] for row in of_job for file in row.files if file["key"] not in kept}
        if files:
            found[job_id] = files
    return found


def _results(session: Session, ended: set[str]) -> dict[str, Files]:
    found: dict[str, Files] = defaultdict(dict)
    for job_id, path, size in session.execute(select(Artifact.job_id, Artifact.path, Artifact.size)):
        if job_id in ended:
            found[job_id][f"{keys.artifacts(job_id)}/{path}"] = size
    return dict(found)


def _by_job(files: Iterable[tuple[str, int]], wanted: set[str]) -> dict[str, Files]:
    found: dict[str, Files] = defaultdict(dict)
    for key, size in files:
        job_id = key.removeprefix(f"{_LOGS}/").partition("/")[0]
        if job_id in wanted:
            found[job_id][key] = size
    return dict(found)
