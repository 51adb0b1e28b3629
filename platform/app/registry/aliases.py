"""Which version of a model is the champion, the candidate, ...: moved with a reason, and every move is kept."""

import re
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.errors import Conflict, NotFound, Unprocessable
from app.master import Master
from app.models import AuditEntry
from app.registry import gate
from app.registry.rights import require_change
from app.tracking.tags import CHAMPION
from proteinx.contracts.models import AliasMove, AliasSet, Gate, ModelVersionView

_ALIAS: Final = re.compile(r"(?!v\d+$|latest$)[A-Za-z0-9_-]{1,100}")
_ACTION: Final = "model.alias"
_SHOWN: Final = 200


def set_alias(master: Master, actor: UserActor, name: str, alias: str, body: AliasSet) -> ModelVersionView:
    """Repeating it changes nothing, and leaves no second entry; after a crash between MLflow and the database it leaves
    the one that is missing. The champion goes through the gate.

    Raises Unprocessable("gate_refused") naming the checks that failed; NotFound, Forbidden, Unprocessable.
    """
    if not _ALIAS.fullmatch(alias):
        raise Unprocessable(
            "bad_alias",
            "An alias has up to 100 letters, digits, - and _, and is neither 'latest' nor a version such as v1.",
            field="alias",
        )
    require_change(master, actor, name)
    wanted = _require_version(master, name, body.version)
    previous = master.tracking.model(name).aliases.get(alias)
    noted = _last_noted(master, name, alias)
    if (previous, noted) != (body.version, body.version):
        found = gate.check(master, wanted.job_id) if alias.lower() == CHAMPION else Gate(passed=True, checks=[])
        forced = _pass(actor, found, force=body.force, told=f"{name}@{body.version} may not become {alias}")
        master.tracking.set_alias(name, alias, body.version)
        before = previous if previous != body.version else noted
        move = {"alias": alias, "version": body.version, "previous": before, "reason": body.reason}
        _note(master, actor, name, {**move, "forced": forced, "checks": [one.model_dump() for one in found.checks]})
    return _require_version(master, name, body.version)


def check(master: Master, name: str, version: str) -> Gate:
    """Whether the version may become the champion. Raises NotFound."""
    return gate.check(master, _require_version(master, name, version).job_id)


def roll_back(master: Master, actor: UserActor, name: str, alias: str, reason: str) -> ModelVersionView:
    """Gives the alias back to the version that had it before the one that has it now; it passed the gate then.

    Raises Conflict("nothing_before"), NotFound, Forbidden.
    """
    require_change(master, actor, name)
    holder = master.tracking.model(name).aliases.get(alias)
    with master.db.read() as session:
        given = (move for move in moves(session, name) if move.alias == alias and not move.rolled_back)
        last = next((move for move in given if move.version == holder), None)
    if holder is None or last is None or last.previous is None:
        raise Conflict("nothing_before", f"No version of {name} was {alias} before this one.")
    _require_version(master, name, last.previous)
    master.tracking.set_alias(name, alias, last.previous)
    move = {"alias": alias, "version": last.previous, "previous": holder, "reason": reason, "rolled_back": True}
    _note(master, actor, name, move)
    return _require_version(master, name, last.previous)


def _pass(actor: UserActor, found: Gate, *, force: bool, told: str) -> bool:
    """Whether it was forced. Raises Unprocessable, Forbidden for who may not force."""
    if found.passed:
        return False
    if force:
        authorize(actor, Action.ADMINISTER)
        return True
    failed = "; ".join(f"{one.name}: {one.detail}" for one in found.checks if not one.passed)
    raise Unprocessable("gate_refused", f"{told}: {failed}.")


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


def _last_noted(master: Master, name: str, alias: str) -> str | None:
    """The version that has the alias by the last move that was kept."""
    with master.db.read() as session:
        return next((move.version for move in moves(session, name) if move.alias == alias), None)


def _note(master: Master, actor: UserActor, name: str, detail: dict[str, Any]) -> None:
    with master.db.write() as session:
        audit.write(session, actor, _ACTION, _object(name), detail)


def _object(name: str) -> str:
    return f"model:{name}"[:300]
