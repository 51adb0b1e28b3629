"""Checkpoints: committed by manifest, the last two and the best are kept, a resumed attempt starts from the newest."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.accounts.actor import MemberActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.errors import Forbidden, NotFound
from app.jobs import artifacts
from app.master import Master
from app.models import Checkpoint
from app.storage import keys
from app.storage.downloads import Download, respond
from app.uploads import adoption
from app.uploads import service as uploads
from app.workdir.service import get_settings
from proteinx.contracts.jobs import CheckpointCommit, CheckpointSpec, CheckpointView, InputFile
from proteinx.contracts.uploads import FileRef

KEEP_LAST: Final = 2


def commit(master: Master, actor: MemberActor, job_id: str, attempt: int, body: CheckpointCommit) -> CheckpointView:
    """The manifest makes the checkpoint; older ones go after it. The same commit again is accepted.

    Files that an earlier checkpoint of the job has already need not be uploaded again. Raises Gone, Forbidden for
    another rank than 0, Unprocessable.
    """
    authorize(actor, Action.ACT, job_id)
    artifacts.require_current(actor, attempt)
    if actor.rank != 0:
        raise Forbidden("rank_zero_only", "Only rank 0 commits checkpoints.")
    adoption.check_names(body.files)
    with master.db.read() as session:
        earlier = rows_of(session, job_id)
        same = next((row for row in earlier if _is_same(row, attempt, body)), None)
        if same is not None:
            return _view(same)
        stored = _keys(job_id, attempt, body, earlier)
        wanted = {stored[file.path]: file for file in body.files if stored[file.path] not in _stored(earlier)}
        ready = adoption.prepare(session, master, uploads.owner_of(actor), wanted)
    with master.db.write() as session:
        artifacts.require_live(session, actor)
        adoption.finish(session, master, ready)
        row = _save(session, job_id, attempt, body, stored)
        unneeded = _retain(session, job_id, get_settings(session).checkpoint_bytes)
        view = _view(row)
    for key in unneeded:
        master.storage.delete(key)
    return view


def _is_same(row: Checkpoint, attempt: int, body: CheckpointCommit) -> bool:
    files = {(file["path"], file["sha256"]) for file in row.files}
    sent = {(file.path, file.sha256) for file in body.files}
    return (row.step, row.attempt, row.best) == (body.step, attempt, body.best) and files == sent


def _stored(rows: Sequence[Checkpoint]) -> set[str]:
    return {file["key"] for row in rows for file in row.files}


def _keys(job_id: str, attempt: int, body: CheckpointCommit, earlier: Sequence[Checkpoint]) -> dict[str, str]:
    """Path -> storage key; the same content has one key, whichever checkpoints it belongs to."""
    known = {file["sha256"]: file["key"] for row in earlier for file in row.files}
    chosen = {}
    for file in body.files:
        fresh = keys.checkpoint(job_id, attempt, body.step, file.path)
        chosen[file.path] = known.setdefault(file.sha256, fresh)
    return chosen


def _save(session: Session, job_id: str, attempt: int, body: CheckpointCommit, stored: Mapping[str, str]) -> Checkpoint:
    """A later attempt that comes to the same step again replaces what was there."""
    known = select(Checkpoint).where(Checkpoint.job_id == job_id, Checkpoint.step == body.step)
    row = session.scalars(known).one_or_none() or Checkpoint(job_id=job_id, step=body.step)
    row.attempt, row.manifest, row.best, row.created_at = attempt, body.manifest, body.best, now()
    row.files = [_file(file, stored[file.path]) for file in body.files]
    row.size = sum(file.size for file in body.files)
    session.add(row)
    session.flush()
    return row


def _file(file: FileRef, key: str) -> dict[str, Any]:
    return {"path": file.path, "sha256": file.sha256, "size": file.size, "key": key}


def _retain(session: Session, job_id: str, quota: int) -> list[str]:
    """Drops the rows that are no longer kept; returns the keys that nothing needs any more.

    Over the quota, older ones go too; the newest never does.
    """
    rows = rows_of(session, job_id)
    best = next((row for row in rows if row.best), None)
    kept = rows[:KEEP_LAST] + ([best] if best is not None and best not in rows[:KEEP_LAST] else [])
    while len(kept) > 1 and sum(row.size for row in kept) > quota:
        kept.pop(1)
    for row in rows:
        if row not in kept:
            session.delete(row)
    session.flush()
    return sorted(_stored(rows) - _stored(kept))


def rows_of(session: Session, job_id: str) -> list[Checkpoint]:
    """Newest first."""
    rows = select(Checkpoint).where(Checkpoint.job_id == job_id)
    return list(session.scalars(rows.order_by(Checkpoint.attempt.desc(), Checkpoint.step.desc())))


def one_to_keep(rows: Sequence[Checkpoint]) -> Checkpoint:
    """Of a job that has ended: the best, or the last where none is called best. `rows`: newest first."""
    return next((row for row in rows if row.best), rows[0])


def listing(session: Session, job_id: str) -> list[CheckpointView]:
    artifacts.require_job(session, job_id)
    return [_view(row) for row in rows_of(session, job_id)]


def _view(row: Checkpoint) -> CheckpointView:
    return CheckpointView(
        step=row.step,
        attempt=row.attempt,
        best=row.best,
        size=row.size,
        created_at=row.created_at,
        manifest=row.manifest,
    )


def newest(session: Session, job_id: str) -> CheckpointSpec | None:
    """What the next attempt resumes from."""
    rows = rows_of(session, job_id)
    if not rows:
        return None
    url = f"/api/jobs/{job_id}/checkpoints/{rows[0].step}/files/"
    files = [
        InputFile(path=file["path"], sha256=file["sha256"], size=file["size"], url=url + quote(file["path"]))
        for file in rows[0].files
    ]
    return CheckpointSpec(step=rows[0].step, manifest=rows[0].manifest, files=files)


def download(master: Master, job_id: str, step: int, path: str, headers: Mapping[str, str]) -> Response:
    """Raises NotFound."""
    with master.db.read() as session:
        found = select(Checkpoint).where(Checkpoint.job_id == job_id, Checkpoint.step == step)
        row = session.scalars(found).one_or_none()
    for file in row.files if row else ():
        if file["path"] == path:
            name = path.rsplit("/", 1)[-1]
            return respond(master.storage, Download(file["key"], file["size"], file["sha256"], name), headers)
    raise NotFound("file_not_found", f"Step {step} of job {job_id} has no checkpoint file {path!r}.")
