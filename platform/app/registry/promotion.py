"""Aliases of registered models: the champion goes through the gate, every move is recorded, and can be undone."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.errors import Conflict, NotFound, Unprocessable
from app.master import Master
from app.models import AuditEntry
from app.registry import gate
from app.tracking.tags import CHAMPION
from proteinx.contracts.accounts import Role
from proteinx.contracts.models import Gate, GateCheck, ModelVersionView, Promote, Promotion

_ACTION: Final = "model.promote"


def check(master: Master, name: str, version: str) -> Gate:
    """Raises NotFound."""
    return gate.check(master, _version(master, name, version).job_id)


def promote(master: Master, actor: UserActor, name: str, alias: str, request: Promote) -> Promotion:
    """Gives the alias to the version; `champion` only through the gate.

    Raises Unprocessable("gate_refused") naming the checks that failed, Forbidden for somebody else's model, NotFound.
    """
    _authorize(master, actor, name)
    wanted = _version(master, name, request.version)
    found = gate.check(master, wanted.job_id) if alias == CHAMPION else Gate(passed=True, checks=[])
    forced = request.force and not found.passed
    if forced:
        authorize(actor, Action.ADMINISTER)
    elif not found.passed:
        failed = "; ".join(f"{one.name}: {one.detail}" for one in found.checks if not one.passed)
        raise Unprocessable("gate_refused", f"{name}@{request.version} may not become {alias}: {failed}.")
    return _move(
        master, actor, name, alias, version=request.version, reason=request.reason, checks=found.checks, forced=forced
    )


def roll_back(master: Master, actor: UserActor, name: str, alias: str, reason: str) -> Promotion:
    """Gives the alias back to the version that had it before the one that has it now. Raises Conflict, NotFound."""
    _authorize(master, actor, name)
    now_it_is = _holder(master, name, alias)
    with master.db.read() as session:
        moves = history(session, name)
    move = next((one for one in moves if one.alias == alias and one.version == now_it_is), None)
    if move is None or move.previous is None:
        raise Conflict("nothing_before", f"No version of {name} was {alias} before this one.")
    _version(master, name, move.previous)
    return _move(master, actor, name, alias, version=move.previous, reason=reason, checks=[], forced=False)


def history(session: Session, name: str) -> list[Promotion]:
    """Who gave which alias to what, and why; the newest first."""
    rows = select(AuditEntry).where(AuditEntry.action == _ACTION, AuditEntry.object == _target(name))
    return [
        Promotion.model_validate({"at": row.at, "actor": row.actor, **row.detail})
        for row in session.scalars(rows.order_by(AuditEntry.id.desc()).limit(500))
    ]


def _move(
    master: Master,
    actor: UserActor,
    name: str,
    alias: str,
    *,
    version: str,
    reason: str,
    checks: list[GateCheck],
    forced: bool,
) -> Promotion:
    previous = _holder(master, name, alias)
    master.tracking.set_alias(name, alias, version)
    detail = {
        "alias": alias,
        "version": version,
        "previous": previous if previous != version else None,
        "reason": reason,
        "forced": forced,
        "checks": [one.model_dump() for one in checks],
    }
    with master.db.write() as session:
        audit.write(session, actor, _ACTION, _target(name), detail)
        session.flush()
        return history(session, name)[0]


def _holder(master: Master, name: str, alias: str) -> str | None:
    return next((one.version for one in master.tracking.versions(name) if alias in one.aliases), None)


def _authorize(master: Master, actor: UserActor, name: str) -> None:
    owner = master.tracking.model_owner(name)
    own = bool(owner) and owner == actor.name
    if actor.role is not Role.ADMIN:
        authorize(actor, Action.CHANGE, actor.id if own else None)


def _version(master: Master, name: str, version: str) -> ModelVersionView:
    found = next((one for one in master.tracking.versions(name) if one.version == version), None)
    if found is None:
        raise NotFound("unknown_model", f"There is no model {name} with version {version}.")
    return found


def _target(name: str) -> str:
    return f"model:{name}"
