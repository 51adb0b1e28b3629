"""Where people want to be told of what, and the outbox: what is to be sent, and what was."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, new_id


class Destination(Base):
    __tablename__ = "destinations"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(16))
    url: Mapped[str] = mapped_column(Text)
    """A secret: whoever has it can write to the group. Never in a reply or a log."""
    secret: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(300))
    """Of the URL what may be shown."""
    events: Mapped[list[str]]
    scope: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    paused: Mapped[bool]
    created_at: Mapped[datetime]
    last_sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")


class Notification(Base):
    __tablename__ = "notifications"
    __table_args__ = (UniqueConstraint("destination_id", "key"), Index("ix_notifications_due", "state", "not_before"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    destination_id: Mapped[str] = mapped_column(ForeignKey("destinations.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(120))
    """Names what happened, so that nobody is told twice."""
    event: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
