"""Jobs, their attempts, members, allocations and events.

A job's id is its MLflow run's id. An attempt's number is the fencing token. A gang's attempt has several members,
one for each rank; a job on one machine has one member of rank 0.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, new_id


class Job(Base):
    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_state_created", "state", "created_at"),
        Index("ix_jobs_created", "created_at", "id"),
        Index("ix_jobs_owner_created", "owner_id", "created_at"),
        Index("ix_jobs_trashed", "trashed_at"),
        UniqueConstraint("owner_id", "idempotency_key"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    project: Mapped[str] = mapped_column(String(100), index=True)
    snapshot: Mapped[str] = mapped_column(ForeignKey("snapshots.digest"))
    entry_point: Mapped[str] = mapped_column(String(100))
    parameters: Mapped[dict[str, str]]
    overrides: Mapped[list[str]]
    inputs: Mapped[dict[str, str]]
    config: Mapped[dict[str, Any] | None]
    resources: Mapped[dict[str, Any]]
    experiment: Mapped[str] = mapped_column(String(200))
    experiment_id: Mapped[str] = mapped_column(String(32))
    tags: Mapped[dict[str, str]]
    notes: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(default=0)
    preemptible: Mapped[bool] = mapped_column(default=True)
    max_attempts: Mapped[int]
    time_limit: Mapped[float | None]
    queue_limit: Mapped[float | None]
    """Seconds that it may wait for a place at a stretch."""
    lease: Mapped[float | None]
    on_partition: Mapped[str] = mapped_column(String(8), default="continue")
    grace: Mapped[float]
    register_as: Mapped[str | None] = mapped_column(String(200))
    registered_version: Mapped[str | None] = mapped_column(String(20))
    environment: Mapped[str] = mapped_column(String(8), default="auto")
    warm_start: Mapped[bool] = mapped_column(default=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(100))
    request_digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the request that came with the key: the same key with another request is refused."""
    parent_job: Mapped[str | None] = mapped_column(String(32))
    parent_run: Mapped[str | None] = mapped_column(String(32), index=True)
    """The MLflow run that the job's run lies below: a sweep's, for one."""
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    attempt: Mapped[int] = mapped_column(default=0)
    counted_attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    """When it last began to wait for a place."""
    reserved_at: Mapped[datetime | None]
    """Since when room is kept for it while it waits."""
    excluded_nodes: Mapped[list[str]] = mapped_column(default=list)
    metrics: Mapped[dict[str, float]] = mapped_column(default=dict)
    run_status: Mapped[str] = mapped_column(String(16))
    """The status that MLflow's run was last set to; the scheduler brings it in line with `state`."""
    trashed_at: Mapped[datetime | None]
    """Since when it is in the trash."""
    purged_at: Mapped[datetime | None]
    """From here on it can't come back: its files are being removed."""
    freed_bytes: Mapped[int | None] = mapped_column(BigInteger)
    """How much that was; null while it is not finished."""
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Attempt(Base):
    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_state", "state"), Index("ix_attempts_ended", "ended_at"))

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(16))
    fault: Mapped[str | None] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text, default="")
    exit_code: Mapped[int | None]
    last_lines: Mapped[list[str]] = mapped_column(default=list)
    environment: Mapped[dict[str, str]] = mapped_column(default=dict)
    level: Mapped[int] = mapped_column(default=0)
    """The job's priority with what waiting had added to it when it was placed."""
    preempt_at: Mapped[datetime | None]
    """When it was told to make room for another job."""
    preempt_reason: Mapped[str] = mapped_column(Text, default="")
    assigned_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    renewed_at: Mapped[datetime]
    """The last heartbeat that named this attempt; its lease runs from here."""


class Member(Base):
    __tablename__ = "members"
    __table_args__ = (
        ForeignKeyConstraint(["job_id", "attempt"], ["attempts.job_id", "attempts.number"]),
        Index("ix_members_node_state", "node_id", "state"),
        UniqueConstraint("token_id"),
    )

    job_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    node_id: Mapped[str] = mapped_column(ForeignKey("nodes.id"))
    state: Mapped[str] = mapped_column(String(16))
    dispatch_id: Mapped[str] = mapped_column(String(16), default=new_id)
    rung_at: Mapped[datetime | None]
    """When the doorbell was last rung for it."""
    token_id: Mapped[str | None] = mapped_column(String(16))
    token_hash: Mapped[str | None] = mapped_column(String(64))
    fault: Mapped[str | None] = mapped_column(String(8), default=None)
    """`infra` where this member's machine is to blame for the attempt's end."""
    missed_since: Mapped[datetime | None] = mapped_column(default=None)
    """The first heartbeat of its node in a row that did not list it."""
    log_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Allocation(Base):
    """What a member holds on its node until it is released. The index makes double allocation impossible."""

    __tablename__ = "allocations"
    __table_args__ = (
        ForeignKeyConstraint(["job_id", "attempt", "rank"], ["members.job_id", "members.attempt", "members.rank"]),
        Index(
            "uq_allocations_live_gpu_slot",
            "gpu_uuid",
            "slot",
            unique=True,
            sqlite_where=text("released_at IS NULL AND gpu_uuid IS NOT NULL"),
            postgresql_where=text("released_at IS NULL AND gpu_uuid IS NOT NULL"),
        ),
        Index("ix_allocations_node_live", "node_id", "released_at"),
        Index("ix_allocations_released", "released_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(String(32), index=True)
    attempt: Mapped[int]
    rank: Mapped[int]
    node_id: Mapped[str] = mapped_column(ForeignKey("nodes.id"))
    gpu_uuid: Mapped[str | None] = mapped_column(ForeignKey("gpus.uuid"))
    """Null on the one row that holds the member's CPUs and memory."""
    slot: Mapped[int] = mapped_column(default=0)
    gpu_memory: Mapped[int] = mapped_column(BigInteger, default=0)
    cpus: Mapped[float] = mapped_column(default=0.0)
    memory: Mapped[int] = mapped_column(BigInteger, default=0)
    released_at: Mapped[datetime | None]


class JobEventRow(Base):
    __tablename__ = "job_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    attempt: Mapped[int | None]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(30))
    """`job` or `attempt` for a move of either; else the name of what happened."""
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)


class Checkpoint(Base):
    __tablename__ = "checkpoints"
    __table_args__ = (UniqueConstraint("job_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    attempt: Mapped[int]
    step: Mapped[int]
    manifest: Mapped[dict[str, Any]]
    files: Mapped[list[dict[str, Any]]]
    """`{path, sha256, size, key}` each; `key` is the storage key."""
    best: Mapped[bool]
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]


class Artifact(Base):
    __tablename__ = "artifacts"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(1024), primary_key=True)
    attempt: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
