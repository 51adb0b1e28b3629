"""Registering the model that a job's run has logged, and saying what it is."""

import re
from typing import Final

from app.accounts import audit
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.errors import NotFound, Unprocessable
from app.master import Master
from app.models import Job
from app.registry.rights import require_change
from proteinx.contracts.models import ModelVersionView

NAME: Final = re.compile(r"[^/:]{1,200}")


def register(master: Master, actor: UserActor, name: str, job_id: str) -> ModelVersionView:
    """Repeating it gives the same version. Raises NotFound for a job, or for one whose run logged no model."""
    if not NAME.fullmatch(name):
        raise Unprocessable("bad_model_name", "A model's name has at most 200 characters, none of them / or :.")
    with master.db.read() as session:
        job = session.get(Job, job_id)
    if job is None:
        raise NotFound("unknown_job", f"There is no job {job_id}.")
    authorize(actor, Action.CHANGE, job.owner_id)
    version = master.tracking.register_model(name, job_id)
    with master.db.write() as session:
        audit.write(session, actor, "model.register", f"model:{name}/{version}", {"job": job_id})
    return next(item for item in master.tracking.versions(name) if item.version == version)


def describe(master: Master, actor: UserActor, name: str, text: str, version: str | None = None) -> None:
    """The card of the model, or of one version of it. Raises NotFound, Forbidden."""
    require_change(master, actor, name)
    if version is None:
        master.tracking.describe_model(name, text)
    else:
        master.tracking.describe_version(name, version, text)
    with master.db.write() as session:
        audit.write(session, actor, "model.describe", f"model:{name}" + (f"/{version}" if version else ""))
