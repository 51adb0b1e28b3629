"""Worker machines, their GPUs, and samples of how busy they were."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, new_id


class Node(Base):
    __tablename__ = "nodes"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    boot_id: Mapped[str] = mapped_column(String(64))
    cpus: Mapped[int]
    memory_bytes: Mapped[int] = mapped_column(BigInteger)
    info: Mapped[dict[str, Any]]
    sample: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    labels: Mapped[dict[str, str]] = mapped_column(default=dict)
    """What admins gave it; they overrule the agent's own in `info`."""
    history_at: Mapped[datetime | None]
    """When a sample of it was last kept."""
    cleared_at: Mapped[datetime | None]
    """When somebody last let it work again: what failed before does not count against it."""
    agent_draining: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[str | None] = mapped_column(String(16))
    join_token_id: Mapped[str | None] = mapped_column(String(16), default=None)
    """The join token it came with: the same machine may repeat a join whose reply was lost."""
    last_heartbeat_at: Mapped[datetime | None]
    joined_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Gpu(Base):
    __tablename__ = "gpus"

    uuid: Mapped[str] = mapped_column(String(80), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("nodes.id"), index=True)
    index: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    memory_bytes: Mapped[int] = mapped_column(BigInteger)
    foreign: Mapped[bool] = mapped_column(default=False)
    """Somebody else's process was on it at the last heartbeat."""
    present: Mapped[bool] = mapped_column(default=True)


class NodeHistory(Base):
    """One sample a minute or so for the charts; older ones are thinned by the scheduler's upkeep."""

    __tablename__ = "node_history"
    __table_args__ = (Index("ix_node_history_node_at", "node_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("nodes.id"))
    at: Mapped[datetime]
    sample: Mapped[dict[str, Any]]
