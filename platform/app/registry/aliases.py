"""Which version of a model is the champion, the candidate, ...: moved with a reason, and every move is kept."""

import re
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import UserActor
from app.errors import NotFound, Unprocessable
from app.master import Master
from app.models import AuditEntry
from app.registry.rights import require_change
from proteinx.contracts.models import AliasMove, AliasSet, ModelVersionView

_ALIAS: Final = re.compile(r"(?!v\d+$|latest$)[A-Za-z0-9_-]{1,100}")
_ACTION: Final = "model.alias"
_SHOWN: Final = 200


def set_alias(master: Master, actor: UserActor, name: str, alias: str, body: AliasSet) -> ModelVersionView:
    """Repeating it changes nothing, and leaves no second entry. Raises NotFound, Forbidden, Unprocessable."""
    if not _ALIAS.fullmatch(alias):
        raise Unprocessable(
            "bad_alias",
            "An alias has up to 100 letters, digits, - and _, and is neither 'latest' nor a version such as v1.",
            field="alias",
        )
    require_change(master, actor, name)
    _require_version(master, name, body.version)
    previous = master.tracking.model(name).aliases.get(alias)
    if previous != body.version:
        master.tracking.set_alias(name, alias, body.version)
        _note(
            master, actor, name, {"alias": alias, "version": body.version, "previous": previous, "reason": body.reason}
        )
    return _require_version(master, name, body.version)


def delete_alias(master: Master, actor: UserActor, name: str, alias: str, reason: str) -> None:
    """Raises NotFound, Forbidden."""
    require_change(master, actor, name)
    previous = master.tracking.model(name).aliases.get(alias)
    if previous is None:
        raise NotFound("unknown_alias", f"{name} has no alias {alias!r}.")
    master.tracking.delete_alias(name, alias)
    _note(master, actor, name, {"alias": alias, "version": None, "previous": previous, "reason": reason})


def moves(session: Session, name: str) -> list[AliasMove]:
    """Newest first, the last two hundred."""
    rows = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.action == _ACTION, AuditEntry.object == _object(name))
        .order_by(AuditEntry.id.desc())
        .limit(_SHOWN)
    )
    return [AliasMove(at=row.at, actor=row.actor.removeprefix("user:"), **row.detail) for row in rows]


def _require_version(master: Master, name: str, version: str) -> ModelVersionView:
    found = next((item for item in master.tracking.versions(name) if item.version == version), None)
    if found is None:
        raise NotFound("unknown_model", f"The model {name} has no version {version}.")
    return found


def _note(master: Master, actor: UserActor, name: str, detail: dict[str, Any]) -> None:
    with master.db.write() as session:
        audit.write(session, actor, _ACTION, _object(name), detail)


def _object(name: str) -> str:
    return f"model:{name}"[:300]
