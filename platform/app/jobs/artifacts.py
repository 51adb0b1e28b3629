"""A job's artifacts: what its attempts commit, whole or not at all, and what it logged through MLflow; one folder."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.accounts.actor import MemberActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.datasets import outputs
from app.errors import Gone, NotFound
from app.jobs import attempts
from app.master import Master
from app.models import Artifact, Attempt, Job
from app.storage import keys
from app.storage.downloads import Download, respond
from app.storage.local import check_key
from app.uploads import adoption
from app.uploads import service as uploads
from proteinx.contracts.jobs import ArtifactCommit, ArtifactView

CONFIG = "config.yaml"


def put_config(master: Master, job_id: str, config: Mapping[str, Any]) -> None:
    text = yaml.safe_dump(dict(config), allow_unicode=True, sort_keys=False)
    master.storage.write_bytes(f"{keys.artifacts(job_id)}/{CONFIG}", text.encode())


def commit(master: Master, actor: MemberActor, job_id: str, attempt: int, body: ArtifactCommit) -> list[ArtifactView]:
    """Makes a member's outputs visible, all of them or none. The same commit again is accepted.

    Raises Gone for an attempt that is over, Unprocessable for unsafe paths and content that was not uploaded.
    """
    authorize(actor, Action.ACT, job_id)
    require_current(actor, attempt)
    adoption.check_names(body.files)
    with master.db.read() as session:
        known = _rows(session, job_id)
        fresh = [file for file in body.files if not (row := known.get(file.path)) or row.sha256 != file.sha256]
        wanted = {f"{keys.artifacts(job_id)}/{file.path}": file for file in fresh}
        ready = adoption.prepare(session, master, uploads.owner_of(actor), wanted)
    outputs.inspect(master, {wanted[key].path: path for key, path in ready.sources.items()})
    with master.db.write() as session:
        require_live(session, actor)
        adoption.finish(session, master, ready)
        rows = _rows(session, job_id)
        for file in fresh:
            row = rows.get(file.path) or Artifact(job_id=job_id, path=file.path)
            row.sha256, row.size, row.created_at = file.sha256, file.size, now()
            rows[file.path] = row
            session.add(row)
        for file in body.files:  # also what an earlier attempt had left just so
            rows[file.path].attempt = attempt
    with master.db.read() as session:
        return listing(session, master, job_id)


def require_current(actor: MemberActor, attempt: int) -> None:
    """Raises Gone: the token of one attempt writes for that attempt only."""
    if actor.attempt != attempt:
        raise Gone("fenced", f"This token is attempt {actor.attempt}'s, not attempt {attempt}'s.")


def require_live(session: Session, actor: MemberActor) -> None:
    """The gate has let the request in; since then the attempt may have ended."""
    attempts.lock_job(session, actor.job_id)
    row = session.get(Attempt, (actor.job_id, actor.attempt))
    if row is None or attempts.is_over(row):
        raise Gone("fenced", f"Attempt {actor.attempt} is over; stop it and throw its work away.")


def listing(session: Session, master: Master, job_id: str) -> list[ArtifactView]:
    """What was committed, and what went straight to MLflow (of that the attempt and digest are not known)."""
    rows = _rows(session, job_id)
    views = []
    for key, size in master.storage.list(keys.artifacts(job_id)):
        path = key.removeprefix(f"{keys.artifacts(job_id)}/")
        row = rows.get(path)
        known = row is not None and row.size == size
        views.append(
            ArtifactView(
                path=path,
                size=size,
                sha256=row.sha256 if row and known else None,
                attempt=row.attempt if row and known else None,
                location=key,
            )
        )
    return views


def _rows(session: Session, job_id: str) -> dict[str, Artifact]:
    return {row.path: row for row in session.scalars(select(Artifact).where(Artifact.job_id == job_id))}


def download(master: Master, job_id: str, path: str, headers: Mapping[str, str]) -> Response:
    """Raises NotFound."""
    key = f"{keys.artifacts(job_id)}/{check_key(path)}"
    with master.db.read() as session:
        require_job(session, job_id)
        row = session.get(Artifact, (job_id, path))
    size = master.storage.size(key)
    if size is None:
        raise NotFound("artifact_not_found", f"This job has no artifact {path!r}.")
    digest = row.sha256 if row and row.size == size else None
    return respond(master.storage, Download(key, size, digest, PurePosixPath(path).name), headers)


def require_job(session: Session, job_id: str) -> Job:
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound("job_not_found", f"There is no job {job_id}.")
    return job
