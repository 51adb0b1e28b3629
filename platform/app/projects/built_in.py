"""The projects that come with ProteinX: snapshots of the source tree, made anew when their files changed."""

import logging
import tempfile
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

import proteinx
from app.clock import now
from app.errors import AppError
from app.master import Master
from app.models import Project, Snapshot
from app.projects import code, rows
from app.storage import keys
from proteinx.contracts import snapshot as snapshots
from proteinx.contracts.mlproject import MLprojectError, is_mlproject
from proteinx.contracts.snapshot import SnapshotError, Tree

log = logging.getLogger(__name__)


def names(master: Master) -> list[str]:
    folder = master.settings.built_in_projects
    if not folder.is_dir():
        return []
    projects = (path for path in folder.iterdir() if path.is_dir())
    return sorted(path.name for path in projects if any(is_mlproject(file.name) for file in path.iterdir()))


def refresh_all(session: Session, master: Master) -> None:
    """One that can't be read now keeps its last snapshot; using it will say what is wrong."""
    for name in names(master):
        try:
            refresh(session, master, name)
        except AppError as error:
            log.warning("the built-in project %s can't be read: %s", name, error.detail)


def refresh(session: Session, master: Master, name: str) -> Project:
    """Raises Unprocessable if the source tree's project is no valid one."""
    try:
        tree = snapshots.collect(master.settings.built_in_projects / name)
        digest = snapshots.digest(tree)
        project = session.scalars(select(Project).where(Project.name == name)).one_or_none()
        if project is None:
            project = Project(name=name, owner_id=None, latest=None, created_at=now())
            session.add(project)
            session.flush()
        if project.latest != digest:
            _store(session, master, project, tree, digest)
    except (SnapshotError, MLprojectError) as error:
        raise code.refusal(error) from error
    return project


def _store(session: Session, master: Master, project: Project, tree: Tree, digest: str) -> None:
    if session.get(Snapshot, digest) is None:
        scratch = master.storage.require() / "uploads"  # on the storage's own disk, so that adopting is a rename
        scratch.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch, prefix=".snapshot-") as folder:
            archive = Path(folder) / "archive"
            snapshots.pack(tree, archive)
            size = archive.stat().st_size
            master.storage.adopt(keys.snapshot(digest), archive)
        session.add(rows.describe(digest, tree, size, master.settings.built_in_projects / project.name))
        session.flush()
    rows.link(session, project, digest, {"kind": "built-in", "version": proteinx.__version__}, None)
