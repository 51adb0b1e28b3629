"""Makes and deletes datasets. A version is checked before it is made, and never changes after."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.datasets import queries
from app.datasets.check import CLEANABLE, Checked, check_file, clean_file
from app.datasets.dependents import dependents
from app.errors import Conflict, Unprocessable
from app.master import Master
from app.models import Dataset, DatasetVersion, Upload
from app.storage import keys
from app.storage.local import check_key
from app.uploads import service as uploads
from proteinx.contracts.datasets import VersionCreate, VersionView
from proteinx.contracts.phrases import say

_MENDABLE = CLEANABLE | {"missing_column", "ambiguous_column"}
"""Refusals that cleaning or other column names may mend: the content is kept, so that it need not be sent again."""


def create_version(master: Master, actor: UserActor, name: str, body: VersionCreate) -> tuple[VersionView, bool]:
    """The new version and True; or the newest one and False if it has the same content and columns.

    Raises Unprocessable saying what is wrong with the file, in which line; nothing is stored then.
    """
    _check_names(name, body.filename)
    with master.db.read() as session:
        _may_add(session, actor, name)
        upload = uploads.get_complete(session, actor, body.upload_id)
    staged = uploads.staging(master, upload)
    try:
        ready = _ready(body, upload, staged.data)
    except Unprocessable as error:
        if error.code not in _MENDABLE:
            uploads.drop(master, upload)
        raise
    with master.db.write() as session:
        return _store(session, master, actor, name, ready)


def _check_names(name: str, filename: str) -> None:
    check_key(name)
    if "/" in check_key(filename):
        raise Unprocessable("bad_path", say("file_name_slash", file=filename), field="filename")


def _may_add(session: Session, actor: UserActor, name: str) -> Dataset | None:
    """Making one needs a member; adding to one, its owner."""
    dataset = queries.by_name(session, name)
    if dataset is None:
        authorize(actor, Action.CREATE)
    else:
        authorize(actor, Action.CHANGE, dataset.owner_id)
    return dataset


@dataclass(frozen=True, slots=True)
class _Ready:
    """A request whose file was found good; `file` is what is kept, its cleaned copy where one was asked for."""

    body: VersionCreate
    upload: Upload
    file: Path
    sha256: str
    size: int
    checked: Checked
    cleaned: dict[str, Any]


def _ready(body: VersionCreate, upload: Upload, data: Path) -> _Ready:
    """Raises Unprocessable."""
    if body.clean:
        out = data.with_name("cleaned.gz" if body.filename.endswith(".gz") else "cleaned")
        cleaned = clean_file(data, body.filename, body.columns, out)
        if cleaned["rules"]:
            checked = check_file(out, body.filename, body.columns)
            with out.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            return _Ready(body, upload, out, digest, out.stat().st_size, checked, {"cleaned": cleaned})
    checked = check_file(data, body.filename, body.columns)
    return _Ready(body, upload, data, upload.sha256, upload.size, checked, {})


def _store(session: Session, master: Master, actor: UserActor, name: str, ready: _Ready) -> tuple[VersionView, bool]:
    body, upload, checked = ready.body, ready.upload, ready.checked
    dataset = _may_add(session, actor, name)
    latest = queries.newest(session, dataset) if dataset else None
    columns = checked.columns.model_dump()
    if dataset and latest and latest.sha256 == ready.sha256 and latest.columns == columns:
        uploads.forget(session, master, upload)
        return queries.version_view(dataset, latest), False
    dataset = dataset or make_dataset(session, name, actor.id)
    if body.description:
        dataset.description = body.description
    number = next_number(session, dataset)
    key = keys.raw(name, number, body.filename)
    uploads.use(session, master, [upload], {key: ready.file})
    file = {"path": body.filename, "sha256": ready.sha256, "size": ready.size, "key": key}
    version = DatasetVersion(
        dataset_id=dataset.id,
        number=number,
        filename=body.filename,
        kind=checked.kind,
        sha256=ready.sha256,
        size=ready.size,
        rows=checked.rows,
        columns=columns,
        files=[file],
        report=checked.report | ready.cleaned,
        lineage={},
        created_by=actor.name,
        created_at=now(),
    )
    session.add(version)
    session.flush()
    audit.write(session, actor, "dataset.version", f"{name}@{number}")
    return queries.version_view(dataset, version), True


def make_dataset(session: Session, name: str, owner_id: str) -> Dataset:
    dataset = Dataset(name=name, owner_id=owner_id, created_at=now())
    session.add(dataset)
    session.flush()
    return dataset


def next_number(session: Session, dataset: Dataset) -> int:
    """Never one that was used before, deleted or not."""
    used = select(func.max(DatasetVersion.number)).where(DatasetVersion.dataset_id == dataset.id)
    return (session.scalar(used) or 0) + 1


def delete(master: Master, actor: UserActor, name: str) -> None:
    """Raises Conflict("in_use") while a job that is not over uses it."""
    with master.db.write() as session:
        dataset, _ = queries.require(session, name)
        authorize(actor, Action.CHANGE, dataset.owner_id)
        users = dependents(session, dataset).live_jobs
        if users:
            raise Conflict("in_use", f"Jobs that are not over use {name}: {', '.join(users[:5])}. Cancel them first.")
        versions = queries.live_versions(session, dataset)
        for version in versions:
            version.deleted_at = now()
        audit.write(session, actor, "dataset.delete", name, {"versions": len(versions)})
    for file in (file for version in versions for file in version.files):
        master.storage.delete(file["key"])
