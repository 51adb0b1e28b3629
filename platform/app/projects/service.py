"""Projects and their snapshots."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.accounts.actor import Actor, MemberActor
from app.accounts.authorize import Action, authorize
from app.errors import Forbidden, NotFound
from app.master import Master
from app.models import Job, Project, ProjectSnapshot, Snapshot
from app.nearest import hint
from app.projects import built_in, rows
from app.storage import keys
from app.storage.downloads import Download, respond
from proteinx.contracts.projects import ProjectView, SnapshotView

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
