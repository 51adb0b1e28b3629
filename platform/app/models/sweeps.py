"""Sweeps and their trials. All that a sweep decides follows from these rows: no study is kept anywhere else."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Sweep(Base):
    __tablename__ = "sweeps"
    __table_args__ = (
        Index("ix_sweeps_state", "state"),
        Index("ix_sweeps_created", "created_at", "id"),
        UniqueConstraint("owner_id", "idempotency_key"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Of its MLflow run, which is the parent of the trials' runs."""
    name: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    project: Mapped[str] = mapped_column(String(100))
    experiment_id: Mapped[str] = mapped_column(String(32))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`SweepCreate`, with snapshot and inputs pinned. Plain JSON: binary JSON forgets in which order the keys stand."""
    idempotency_key: Mapped[str | None] = mapped_column(String(100))
    request_digest: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    spent: Mapped[float] = mapped_column(default=0.0)
    """Seconds that it ran before `running_since`."""
    running_since: Mapped[datetime | None]
    """Null while it is paused and after its end."""
    best: Mapped[dict[str, Any] | None]
    run_status: Mapped[str] = mapped_column(String(16))
    """The status that its MLflow run was last set to."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Trial(Base):
    __tablename__ = "trials"
    __table_args__ = (UniqueConstraint("job_id"), Index("ix_trials_state", "sweep_id", "state"))

    sweep_id: Mapped[str] = mapped_column(ForeignKey("sweeps.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    point: Mapped[dict[str, Any]] = mapped_column(JSON)
    finalist: Mapped[int | None]
    """The trial that it repeats."""
    seed: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    prune_reason: Mapped[str | None] = mapped_column(Text)
    """Set once it is to end early; its job may still be ending."""
    value: Mapped[float | None]
    curve: Mapped[dict[str, float]] = mapped_column(default=dict)
    """Step -> the metric as it came, where somebody judges by it."""
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
