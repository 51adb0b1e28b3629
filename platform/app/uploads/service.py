"""Uploads: who may send what, what is there already, and how whole content leaves for its place in the storage."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, MemberActor, UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.errors import Conflict, Forbidden, NoSpace, NotFound, TooLarge, Unprocessable
from app.master import Master
from app.models import Job, Upload
from app.uploads.staging import PartWriter, Staging
from app.workdir.service import get_settings
from proteinx.contracts.phrases import say
from proteinx.contracts.protocol import PART_SIZE
from proteinx.contracts.uploads import UploadOpen, UploadView

KEEP: Final = timedelta(days=7)
"""How long an upload that nobody goes on with keeps its bytes."""
_TOUCH: Final = timedelta(minutes=1)
_MIB: Final = 1024**2


def owner_of(actor: Actor) -> str:
    """Whose upload it is. Raises Forbidden for nodes and viewers, Gone for a fenced attempt."""
    match actor:
        case UserActor():
            authorize(actor, Action.CREATE)
            return f"user:{actor.id}"
        case MemberActor():
            authorize(actor, Action.ACT, actor.job_id)
            return f"job:{actor.job_id}.{actor.rank}"
    raise Forbidden("forbidden", "This credential may not upload; use a user's or an attempt's token.")


def open_upload(session: Session, master: Master, actor: Actor, request: UploadOpen) -> UploadView:
    """A new upload, or the actor's own of the same content: unfinished ones go on where they stopped."""
    owner = owner_of(actor)
    remove_stale(session, master)
    same = (Upload.owner == owner, Upload.sha256 == request.sha256, Upload.size == request.size)
    for upload in session.scalars(select(Upload).where(*same).order_by(Upload.created_at.desc())):
        if staging(master, upload).data.exists():
            upload.touched_at = now()
            return view(master, upload)
        session.delete(upload)  # a crash came between the move of its bytes and the commit
    _require_space(session, master, request.size)
    upload = Upload(owner=owner, sha256=request.sha256, size=request.size, created_at=now(), touched_at=now())
    session.add(upload)
    session.flush()
    staging(master, upload).create()
    return view(master, upload)


def get_complete(session: Session, actor: Actor, upload_id: str) -> Upload:
    """Raises NotFound, Conflict("incomplete")."""
    upload = get(session, actor, upload_id)
    if not upload.complete:
        raise Conflict("incomplete", "This upload is not complete; send all its parts, then complete it.")
    return upload


def get(session: Session, actor: Actor, upload_id: str) -> Upload:
    """Raises NotFound also for somebody else's."""
    upload = session.get(Upload, upload_id)
    if upload is None or upload.owner != owner_of(actor):
        raise NotFound("upload_not_found", say("upload_gone", upload=upload_id))
    return upload


def view(master: Master, upload: Upload) -> UploadView:
    return UploadView(
        id=upload.id,
        sha256=upload.sha256,
        size=upload.size,
        part_size=PART_SIZE,
        received=staging(master, upload).received(),
        complete=upload.complete,
    )


def staging(master: Master, upload: Upload) -> Staging:
    return Staging(master.storage.require() / "uploads" / upload.id, upload.size)


def start_part(master: Master, actor: Actor, upload_id: str, number: int, *, sha256: str, length: int) -> PartWriter:
    """Raises TooLarge, Unprocessable, NoSpace before a byte of the body is read."""
    with master.db.read() as session:
        upload = get(session, actor, upload_id)
        _require_space(session, master, length)
        stale = now() - upload.touched_at > _TOUCH
    if upload.complete:
        raise Conflict("already_complete", "This upload is complete; it takes no more parts.")
    if stale:
        with master.db.write() as session:
            get(session, actor, upload_id).touched_at = now()
    staged = staging(master, upload)
    writer = staged.writer(number, sha256)
    if length > staged.part_length(number):
        raise TooLarge("part_too_large", f"Part {number} of this upload has {staged.part_length(number)} bytes.")
    return writer


def complete(master: Master, actor: Actor, upload_id: str) -> UploadView:
    """Checks the whole. Raises Conflict naming what is missing, Unprocessable("wrong_hash") and then forgets it."""
    with master.db.read() as session:
        upload = get(session, actor, upload_id)
    staged = staging(master, upload)
    if not upload.complete:
        _require_parts(staged)
        if staged.finish() != upload.sha256:
            _refuse(master, upload, staged)
        with master.db.write() as session:
            upload = get(session, actor, upload_id)
            upload.complete, upload.touched_at = True, now()
    return view(master, upload)


def find_complete(session: Session, owner: str, digests: Iterable[str]) -> dict[str, Upload]:
    """The owner's complete uploads by their SHA-256."""
    wanted = sorted(set(digests))
    found: dict[str, Upload] = {}
    for start in range(0, len(wanted), 500):  # SQLite limits how many values one query may name
        batch = wanted[start : start + 500]
        rows = select(Upload).where(Upload.owner == owner, Upload.sha256.in_(batch), Upload.complete)
        found |= {upload.sha256: upload for upload in session.scalars(rows)}
    return found


def use(session: Session, master: Master, uploads: Iterable[Upload], sources: Mapping[str, Path]) -> None:
    """Moves prepared files (key -> path) into the storage and forgets the uploads that they came from."""
    used = list(uploads)
    for upload in used:
        if session.get(Upload, upload.id) is None:
            raise Conflict("upload_used", say("upload_taken"))
    master.storage.adopt_all(sources)
    for upload in used:
        discard(session, master, session.get_one(Upload, upload.id))


def discard(session: Session, master: Master, upload: Upload) -> None:
    session.delete(upload)
    staging(master, upload).remove()


def drop(master: Master, upload: Upload) -> None:
    """`discard` in a transaction of its own; harmless if it is gone."""
    with master.db.write() as session:
        forget(session, master, upload)


def forget(session: Session, master: Master, upload: Upload) -> None:
    """`discard` of one that another request may have used in the meantime."""
    row = session.get(Upload, upload.id)
    if row is not None:
        discard(session, master, row)


def remove_stale(session: Session, master: Master) -> None:
    """Uploads that nobody went on with for a week."""
    old = select(Upload).where(Upload.touched_at < now() - KEEP).limit(20)
    for upload in session.scalars(old):
        discard(session, master, upload)


def remove_ended(session: Session, master: Master) -> None:
    """What attempts of jobs that have ended had begun to send: nobody can go on with it."""
    ids = {upload.id: _job_of(upload) for upload in session.scalars(select(Upload).where(Upload.owner.like("job:%")))}
    ended = select(Job.id).where(Job.id.in_(set(ids.values())), Job.ended_at.is_not(None))
    over = set(session.scalars(ended)) if ids else set()
    for upload_id, job_id in ids.items():
        if job_id in over:
            discard(session, master, session.get_one(Upload, upload_id))


def _job_of(upload: Upload) -> str:
    return upload.owner.removeprefix("job:").partition(".")[0]


def _require_space(session: Session, master: Master, size: int) -> None:
    settings = get_settings(session)
    if size > settings.max_upload_bytes:
        limit = settings.max_upload_bytes
        raise TooLarge("too_large", say("upload_too_large", size=-(-size // _MIB), limit=limit // _MIB))
    if master.storage.free_bytes() - size < settings.min_free_bytes:
        raise NoSpace("no_space", say("upload_no_space"))


def _require_parts(staged: Staging) -> None:
    missing = sorted(set(range(staged.parts)) - set(staged.received()))
    if missing:
        raise Conflict("incomplete", f"Part {missing[0]} is missing ({len(missing)} in all); send it, then complete.")


def _refuse(master: Master, upload: Upload, staged: Staging) -> None:
    damaged = staged.drop_damaged()
    if damaged:
        raise Conflict("incomplete", f"Part {damaged[0]} was damaged on the master's disk; send it again.")
    drop(master, upload)
    raise Unprocessable("wrong_hash", say("upload_changed", sha256=upload.sha256))
