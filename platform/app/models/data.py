"""Datasets, projects, uploads: whatever people bring."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, new_id


class Upload(Base):
    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_owner_sha", "owner", "sha256"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(100))
    """`user:<id>` or `job:<id>.<rank>`: who may continue and use it."""
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    complete: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]


class Dataset(Base):
    __tablename__ = "datasets"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class DatasetVersion(Base):
    __tablename__ = "dataset_versions"

    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    filename: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """Of the file, or of the sorted list `sha256  path` of a set of files."""
    size: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int | None]
    columns: Mapped[dict[str, Any]]
    files: Mapped[list[dict[str, Any]]]
    """`{path, sha256, size, key}` each."""
    report: Mapped[dict[str, Any] | None]
    lineage: Mapped[dict[str, Any]]
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None] = mapped_column(default=None)
    """The bytes are gone; the row stays, so that a number never means other content than it did for a job."""


class Project(Base):
    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    """Null for a project that comes with ProteinX."""
    latest: Mapped[str | None] = mapped_column(String(64))
    """Digest of the newest snapshot."""
    created_at: Mapped[datetime]


class Snapshot(Base):
    """One immutable version of code. Two projects may share one digest's bytes, never its row's meaning."""

    __tablename__ = "snapshots"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    project_path: Mapped[str] = mapped_column(String(500))
    size: Mapped[int] = mapped_column(BigInteger)
    file_count: Mapped[int]
    entry_points: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime]


class ProjectSnapshot(Base):
    __tablename__ = "project_snapshots"
    __table_args__ = (UniqueConstraint("project_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    digest: Mapped[str] = mapped_column(ForeignKey("snapshots.digest"))
    source: Mapped[dict[str, str]]
    created_by: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
