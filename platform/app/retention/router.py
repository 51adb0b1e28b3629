"""What is kept of jobs that have ended: an admin's business."""

from fastapi import APIRouter

from app.accounts.authorize import Action, authorize
from app.deps import CurrentUser, MasterDep
from app.retention import service
from proteinx.contracts.retention import RetentionView, Rules, Tidied

router = APIRouter(prefix="/retention", tags=["system"])


@router.get("")
def read_retention(actor: CurrentUser, master: MasterDep) -> RetentionView:
    """The rules, and what they would remove now."""
    authorize(actor, Action.ADMINISTER)
    with master.db.read() as session:
        rules = service.rules(session)
    return service.view(master, rules)


@router.post("/plan")
def plan_retention(rules: Rules, actor: CurrentUser, master: MasterDep) -> RetentionView:
    """What such rules would remove now. Nothing is set and nothing removed."""
    authorize(actor, Action.ADMINISTER)
    return service.view(master, rules)


@router.put("")
def set_retention(rules: Rules, actor: CurrentUser, master: MasterDep) -> RetentionView:
    """From now on they are applied once a day."""
    authorize(actor, Action.ADMINISTER)
    with master.db.write() as session:
        service.set_rules(session, actor, rules)
    return service.view(master, rules)


@router.post("/run")
def run_retention(actor: CurrentUser, master: MasterDep) -> Tidied:
    """Applies the rules now. What is removed does not come back."""
    authorize(actor, Action.ADMINISTER)
    return service.tidy(master, actor)
