"""The rules of what is kept, what they would remove, and removing it."""

import logging
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import SYSTEM, UserActor
from app.jobs import attempts
from app.jobs.checkpoints import one_to_keep, rows_of
from app.jobs.transitions import record
from app.master import Master
from app.models import Artifact, Setting
from app.retention.plan import KINDS, Files, Kind, plan, surplus
from proteinx.contracts.phrases import say
from proteinx.contracts.retention import RetentionView, Rules, Tidied
from proteinx.contracts.states import JOB_ENDS

log = logging.getLogger(__name__)

_KEY: Final = "retention"
JOBS_AT_ONCE: Final = 1000
"""Of each kind in one pass, so that nobody waits for ever; the next pass does the rest."""


def rules(session: Session) -> Rules:
    row = session.get(Setting, _KEY)
    return Rules.model_validate(row.value) if row else Rules()


def set_rules(session: Session, actor: UserActor, wanted: Rules) -> None:
    row = session.get(Setting, _KEY)
    value = wanted.model_dump()
    if row is None:
        session.add(Setting(key=_KEY, value=value))
    else:
        row.value = value
    audit.write(session, actor, "retention.set", _KEY, value)


def view(master: Master, wanted: Rules) -> RetentionView:
    """What these rules would remove now; nothing is."""
    made = plan(master, wanted)
    return RetentionView(rules=wanted, **{kind: made.surplus(kind) for kind in KINDS})


def tidy(master: Master, actor: UserActor | None = None) -> Tidied:
    """One pass by the rules that are set. Each job's timeline and the audit log say what went."""
    with master.db.read() as session:
        wanted = rules(session)
    made = plan(master, wanted)
    removed: dict[Kind, dict[str, Files]] = {kind: {} for kind in KINDS}
    for kind in KINDS:
        for job_id, files in list(made.of[kind].items())[:JOBS_AT_ONCE]:
            if _remove(master, kind, job_id, files):
                removed[kind][job_id] = files
    done = {kind: surplus(removed[kind]) for kind in KINDS}
    if any(one.files for one in done.values()):
        told: dict[str, Any] = {kind: one.model_dump() for kind, one in done.items()}
        log.info("tidied: %s", told, extra={"action": "tidy"})
        with master.db.write() as session:
            audit.write(session, actor or SYSTEM, "retention.run", _KEY, told)
    is_done = all(len(made.of[kind]) <= JOBS_AT_ONCE for kind in KINDS)
    return Tidied(**done, is_done=is_done)


def _remove(master: Master, kind: Kind, job_id: str, files: Files) -> bool:
    """Rows first: what is shown must be there. False for a job that is gone, or has no end after all."""
    with master.db.write() as session:
        job = attempts.lock_job(session, job_id)
        if job is None or job.state not in JOB_ENDS:
            return False
        if kind == "checkpoints":
            _forget_checkpoints(session, job_id)
        if kind == "results":
            session.execute(delete(Artifact).where(Artifact.job_id == job_id))
        size = f"{sum(files.values()) / 1024**2:.1f}"
        record(session, job, "tidied", actor="scheduler", reason=say(f"tidied_{kind}", n=len(files), size=size))
    for key in files:
        master.storage.delete(key)
    return True


def _forget_checkpoints(session: Session, job_id: str) -> None:
    rows = rows_of(session, job_id)
    kept = one_to_keep(rows)
    for row in rows:
        if row is not kept:
            session.delete(row)
