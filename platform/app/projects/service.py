"""Projects and their snapshots."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.accounts import audit
from app.accounts.actor import Actor, MemberActor, UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.master import Master
from app.models import Job, Project, ProjectSnapshot, Snapshot, Upload
from app.nearest import hint
from app.projects import built_in, code, rows
from app.storage import keys
from app.storage.downloads import Download, respond
from app.uploads import service as uploads
from proteinx.contracts.mlproject import MLprojectError
from proteinx.contracts.projects import ProjectView, SnapshotCreate, SnapshotView

_MIN_PREFIX = 8


def resolve_snapshot(session: Session, master: Master, project: str, digest: str | None) -> tuple[Project, Snapshot]:
    """The project and the wanted snapshot, or its newest; a built-in project's is made from the source tree as it is.

    Raises NotFound naming the nearest project, or the project's snapshots.
    """
    found = _require(session, master, project)
    wanted = digest or found.latest
    if wanted is None:
        raise NotFound("no_snapshot", f"The project {project} has no snapshot yet; upload one.")
    if wanted == found.latest:
        return found, session.get_one(Snapshot, wanted)
    linked = select(Snapshot).join(ProjectSnapshot, ProjectSnapshot.digest == Snapshot.digest)
    mine = linked.where(ProjectSnapshot.project_id == found.id, Snapshot.digest.startswith(wanted, autoescape=True))
    matching = list(session.scalars(mine.limit(2))) if len(wanted) >= _MIN_PREFIX else []
    if len(matching) != 1:
        raise NotFound("unknown_snapshot", f"The project {project} has no one snapshot {wanted!r}; give its digest.")
    return found, matching[0]


def _require(session: Session, master: Master, name: str) -> Project:
    if name in built_in.names(master):
        return built_in.refresh(session, master, name)
    project = session.scalars(select(Project).where(Project.name == name)).one_or_none()
    if project is None:
        known = {*built_in.names(master), *session.scalars(select(Project.name))}
        raise NotFound("unknown_project", f"There is no project {name!r}.{hint(name, known)}")
    return project


def all_projects(session: Session, master: Master) -> list[ProjectView]:
    built_in.refresh_all(session, master)
    return rows.project_views(session, list(session.scalars(select(Project).order_by(Project.name))))


def get(session: Session, master: Master, name: str) -> ProjectView:
    return rows.project_views(session, [_require(session, master, name)])[0]


def list_snapshots(session: Session, master: Master, name: str) -> list[SnapshotView]:
    """Newest first."""
    project = _require(session, master, name)
    linked = session.execute(
        select(Snapshot, ProjectSnapshot)
        .join(ProjectSnapshot, ProjectSnapshot.digest == Snapshot.digest)
        .where(ProjectSnapshot.project_id == project.id)
        .order_by(ProjectSnapshot.id.desc())
    )
    return [rows.snapshot_view(project, snapshot, link) for snapshot, link in linked]


def add_snapshot(master: Master, actor: UserActor, name: str, body: SnapshotCreate) -> SnapshotView:
    """Opens and checks what was uploaded; it becomes the project's newest snapshot. Repeating it is harmless.

    Raises Unprocessable naming the archive's member or the MLproject's entry at fault; then nothing is kept.
    """
    if name in built_in.names(master):
        raise Conflict("built_in", f"{name} comes with ProteinX; choose another name for your project.", field="name")
    with master.db.read() as session:
        _may_add(session, actor, name)
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


@dataclass(frozen=True, slots=True)
class _New:
    body: SnapshotCreate
    upload: Upload
    described: Snapshot


def _store(session: Session, master: Master, actor: UserActor, name: str, new: _New) -> SnapshotView:
    project = _may_add(session, actor, name)
    if project is None:
        project = Project(name=name, owner_id=actor.id, latest=None, created_at=now())
        session.add(project)
        session.flush()
    snapshot = session.get(Snapshot, new.body.digest)
    if snapshot is None:
        snapshot = new.described
        session.add(snapshot)
        staged = uploads.staging(master, new.upload).data
        uploads.use(session, master, [new.upload], {keys.snapshot(snapshot.digest): staged})
    else:
        uploads.discard(session, master, session.merge(new.upload))
    session.flush()
    link = rows.link(session, project, snapshot.digest, new.body.source, actor.name)
    audit.write(session, actor, "project.snapshot", name, {"digest": snapshot.digest})
    return rows.snapshot_view(project, snapshot, link)


def _may_add(session: Session, actor: UserActor, name: str) -> Project | None:
    project = session.scalars(select(Project).where(Project.name == name)).one_or_none()
    if project is None:
        authorize(actor, Action.CREATE)
    else:
        authorize(actor, Action.CHANGE, project.owner_id)
    return project


def download(master: Master, actor: Actor, digest: str, headers: Mapping[str, str]) -> Response:
    """The archive. Raises Forbidden for an attempt that runs other code, NotFound."""
    with master.db.read() as session:
        if isinstance(actor, MemberActor):
            if session.get_one(Job, actor.job_id).snapshot != digest:
                raise Forbidden("not_its_snapshot", "This attempt runs another snapshot.")
        else:
            authorize(actor, Action.VIEW)
        snapshot = session.get(Snapshot, digest)
    if snapshot is None:
        raise NotFound("unknown_snapshot", f"There is no snapshot {digest}.")
    file = Download(keys.snapshot(digest), snapshot.size, digest, f"{digest[:12]}.tar.gz")
    return respond(master.storage, file, headers)
