"""The one place that says who may do what."""

from enum import StrEnum

from app.accounts.actor import Actor, MemberActor, NodeActor, UserActor
from app.errors import Forbidden, Gone
from proteinx.contracts.accounts import Role
from proteinx.contracts.phrases import say


class Action(StrEnum):
    VIEW = "view"
    """See what the lab has: any person; a member sees its own job."""
    CREATE = "create"
    """Make something of one's own: members and admins."""
    CHANGE = "change"
    """Alter or end it: its owner and admins."""
    ADMINISTER = "administer"
    """People, nodes, settings: admins."""
    ACT = "act"
    """Speak for a node or for an attempt: that node, that attempt's member."""


def authorize(actor: Actor, action: Action, target: str | None = None) -> None:
    """Raise unless `actor` may do `action` to `target`.

    `target` is the owner's user id for VIEW and CHANGE by people, the job's id for a member (VIEW, ACT), the node's
    id for a node (ACT). Raises Forbidden; Gone for a fenced member that acts.
    """
    allowed = False
    match actor:
        case UserActor(role=Role.ADMIN):
            allowed = action is not Action.ACT
        case UserActor(role=Role.MEMBER):
            allowed = action in (Action.VIEW, Action.CREATE) or (action is Action.CHANGE and target == actor.id)
        case UserActor():
            allowed = action is Action.VIEW
        case MemberActor():
            allowed = action in (Action.VIEW, Action.ACT) and target == actor.job_id
            if allowed and action is Action.ACT and actor.fenced:
                raise Gone("fenced", f"Attempt {actor.attempt} is over; stop it and throw its work away.")
        case NodeActor():
            allowed = action is Action.ACT and target == actor.id
    if not allowed:
        raise Forbidden("forbidden", _why(actor, action))


def _why(actor: Actor, action: Action) -> str:
    if not isinstance(actor, UserActor):
        return say("credential_unfit")
    if action is Action.ADMINISTER:
        return say("admins_only")
    if action is Action.CHANGE:
        return say("owners_only")
    return say("role_too_low", role=actor.role.value)
