"""Who may change a registered model: who made it, and admins."""

from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.master import Master


def require_change(master: Master, actor: UserActor, name: str) -> None:
    """Raises NotFound, Forbidden."""
    authorize(actor, Action.CREATE)  # a viewer is told so whether or not MLflow answers
    owner = master.tracking.model(name).owner
    authorize(actor, Action.CHANGE, actor.id if owner and owner == actor.name else None)
