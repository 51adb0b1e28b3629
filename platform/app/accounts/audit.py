"""The audit log: append-only rows of who did what to what, from where. Never a secret in `detail`."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.clock import now
from app.errors import BadRequest
from app.models import AuditEntry
from proteinx.contracts.accounts import AuditEntryView
from proteinx.contracts.pages import Page

client_address: ContextVar[str] = ContextVar("client_address", default="")
"""Of the request that is being answered; the gate sets it."""


def write(
    session: Session, actor: Actor | str, action: str, object: str, detail: Mapping[str, Any] | None = None
) -> None:
    """`action` is `<noun>.<verb>`, e.g. `user.create`; `object` names what it was done to."""
    session.add(
        AuditEntry(
            at=now(),
            actor=(actor if isinstance(actor, str) else actor.label)[:100],
            action=action,
            object=object[:300],
            client=client_address.get()[:60],
            detail=dict(detail or {}),
        )
    )


def page(session: Session, *, cursor: str | None, limit: int, action: str | None) -> Page[AuditEntryView]:
    """Newest first; the cursor is the id of the last one seen. Raises BadRequest for a cursor that is none."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit + 1)
    if cursor is not None:
        if not cursor.isdecimal():
            raise BadRequest("bad_cursor", "Give back the cursor as the last page had it.", field="cursor")
        query = query.where(AuditEntry.id < int(cursor))
    if action:
        query = query.where(AuditEntry.action == action)
    rows = list(session.scalars(query))
    items = [AuditEntryView.model_validate(row, from_attributes=True) for row in rows[:limit]]
    return Page(items=items, next=str(items[-1].id) if len(rows) > limit else None)
