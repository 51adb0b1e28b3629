"""Makes snapshots: of what somebody uploaded, or names again what is stored already."""

import shutil
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.errors import Conflict, NotFound, Unprocessable
from app.master import Master
from app.models import Project, ProjectSnapshot, Snapshot, Upload
from app.projects import built_in, code, rows
from app.storage import keys
from app.uploads import service as uploads
from proteinx.contracts.mlproject import MLprojectError
from proteinx.contracts.projects import SnapshotCreate, SnapshotView


def add_snapshot(master: Master, actor: UserActor, name: str, body: SnapshotCreate) -> SnapshotView:
    """Opens and checks what was uploaded; it becomes the project's newest snapshot. Repeating it is harmless.

    Raises Unprocessable naming the archive's member or the MLproject's entry at fault; then nothing is kept.
    """
    if body.upload_id is None:
        return _known(master, actor, name, body)
    require_free(master, name)
    with master.db.read() as session:
        may_add(session, actor, name)
        upload = uploads.get_complete(session, actor, body.upload_id)
    try:
        opened, tree = code.unpack_new(master, uploads.staging(master, upload).data, body.digest)
        try:
            described = rows.describe(body.digest, tree, upload.size, opened / tree.project_path)
            with master.db.write() as session:
                view = _store(session, master, actor, name, _New(body, upload, described))
        except BaseException:
            shutil.rmtree(opened, ignore_errors=True)
            raise
    except MLprojectError as error:
        uploads.drop(master, upload)
        raise code.refusal(error) from error
    except Unprocessable:
        uploads.drop(master, upload)
        raise
    code.keep(master, body.digest, opened)
    return view


def require_free(master: Master, name: str) -> None:
    if name in built_in.names(master):
        raise Conflict("built_in", f"{name} comes with ProteinX; choose another name for your project.", field="name")


def _known(master: Master, actor: UserActor, name: str, body: SnapshotCreate) -> SnapshotView:
    """The project's own snapshot of this digest, or a stored one that is made the project's newest now.

    Whoever can name a digest has the files. Raises NotFound("unknown_snapshot") where the archive must be sent.
    """
    with master.db.write() as session:
        authorize(actor, Action.VIEW)
        linked = _linked(session, master, name, body.digest)
        if linked is not None and linked[0].owner_id != actor.id:
            return rows.snapshot_view(*linked)  # anybody may run it; only its owner says what is the newest
        require_free(master, name)
        project = may_add(session, actor, name)
        snapshot = session.get(Snapshot, body.digest)
        if snapshot is None:
            raise NotFound("unknown_snapshot", f"There is no snapshot {body.digest} yet; upload it.", field="digest")
        project = project or make_project(session, actor, name)
        link = rows.link(session, project, snapshot.digest, body.source, actor.name)
        audit.write(session, actor, "project.snapshot", name, {"digest": snapshot.digest})
        return rows.snapshot_view(project, snapshot, link)


def _linked(
    session: Session, master: Master, name: str, digest: str
) -> tuple[Project, Snapshot, ProjectSnapshot] | None:
    if name in built_in.names(master):
        built_in.refresh(session, master, name)
    found = session.execute(
        select(Project, Snapshot, ProjectSnapshot)
        .join(ProjectSnapshot, ProjectSnapshot.project_id == Project.id)
        .join(Snapshot, Snapshot.digest == ProjectSnapshot.digest)
        .where(Project.name == name, Snapshot.digest == digest)
    ).one_or_none()
    return (found[0], found[1], found[2]) if found else None


def make_project(session: Session, actor: UserActor, name: str) -> Project:
    project = Project(name=name, owner_id=actor.id, latest=None, created_at=now())
    session.add(project)
    session.flush()
    return project


@dataclass(frozen=True, slots=True)
class _New:
    body: SnapshotCreate
    upload: Upload
    described: Snapshot


def _store(session: Session, master: Master, actor: UserActor, name: str, new: _New) -> SnapshotView:
    project = may_add(session, actor, name) or make_project(session, actor, name)
    snapshot = session.get(Snapshot, new.body.digest)
    if snapshot is None:
        snapshot = new.described
        session.add(snapshot)
        staged = uploads.staging(master, new.upload).data
        uploads.use(session, master, [new.upload], {keys.snapshot(snapshot.digest): staged})
    else:
        uploads.forget(session, master, new.upload)
    session.flush()
    link = rows.link(session, project, snapshot.digest, new.body.source, actor.name)
    audit.write(session, actor, "project.snapshot", name, {"digest": snapshot.digest})
    return rows.snapshot_view(project, snapshot, link)


def may_add(session: Session, actor: UserActor, name: str) -> Project | None:
    project = session.scalars(select(Project).where(Project.name == name)).one_or_none()
    if project is None:
        authorize(actor, Action.CREATE)
    else:
        authorize(actor, Action.CHANGE, project.owner_id)
    return project
