"""Rows of projects and snapshots: made, linked, and shown."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.models import Project, ProjectSnapshot, Snapshot, User
from app.projects import entry_points
from proteinx.contracts.projects import ProjectView, SnapshotView
from proteinx.contracts.snapshot import Tree


def describe(digest: str, tree: Tree, size: int, project_folder: Path) -> Snapshot:
    """`size` is the archive's. Raises MLprojectError."""
    return Snapshot(
        digest=digest,
        project_path=tree.project_path,
        size=size,
        file_count=len(tree.files),
        entry_points=entry_points.read(project_folder, tree.scripts()),
        created_at=now(),
    )


def link(session: Session, project: Project, digest: str, source: dict[str, str], user: str | None) -> ProjectSnapshot:
    """Makes the snapshot the project's newest."""
    known = select(ProjectSnapshot).where(ProjectSnapshot.project_id == project.id, ProjectSnapshot.digest == digest)
    row = session.scalars(known).one_or_none()
    if row is None:
        row = ProjectSnapshot(project_id=project.id, digest=digest, source=source, created_by=user, created_at=now())
        session.add(row)
    project.latest = digest
    session.flush()
    return row


def snapshot_view(project: Project, snapshot: Snapshot, link: ProjectSnapshot) -> SnapshotView:
    return SnapshotView(
        digest=snapshot.digest,
        project=project.name,
        size=snapshot.size,
        files=snapshot.file_count,
        project_path=snapshot.project_path,
        entry_points=entry_points.views(snapshot),
        source=link.source,
        created_at=link.created_at,
    )


def project_views(session: Session, projects: Sequence[Project]) -> list[ProjectView]:
    ids = [project.id for project in projects]
    found = session.execute(
        select(Snapshot, ProjectSnapshot)
        .join(ProjectSnapshot, ProjectSnapshot.digest == Snapshot.digest)
        .join(Project, (Project.id == ProjectSnapshot.project_id) & (Project.latest == ProjectSnapshot.digest))
        .where(Project.id.in_(ids))
    )
    latest = {link.project_id: (snapshot, link) for snapshot, link in found}
    owners = session.execute(
        select(User.id, User.name).where(User.id.in_([p.owner_id for p in projects if p.owner_id]))
    )
    names = {owner.id: owner.name for owner in owners}
    return [
        ProjectView(
            name=project.name,
            owner=names[project.owner_id] if project.owner_id else None,
            snapshot=snapshot_view(project, *latest[project.id]) if project.id in latest else None,
            created_at=project.created_at,
        )
        for project in projects
    ]
