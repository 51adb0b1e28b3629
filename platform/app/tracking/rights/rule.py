"""What a rule is, and the plain ones."""

from app.accounts.actor import Actor, MemberActor, UserActor
from app.accounts.authorize import Action, authorize
from app.errors import Forbidden
from app.tracking.call import Call
from app.tracking.owners import Owners


class Rule:
    """By default: any person may, no attempt may."""

    reads_body = False

    def check(self, actor: Actor, call: Call, owners: Owners) -> None:
        """Raises an AppError unless `actor` may; may alter the call's body."""
        if isinstance(actor, UserActor):
            self.person(actor, call, owners)
        elif isinstance(actor, MemberActor):
            authorize(actor, Action.ACT, actor.job_id)  # 410 once it is fenced
            self.attempt(actor, call, owners)
        else:
            raise Forbidden("forbidden", "This credential is not good for MLflow.")

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.VIEW)

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        raise Forbidden("not_for_jobs", "A job may only write to its own run; attach to the run in PROTEINX_RUN_ID.")


class Read(Rule):
    """Reading what a job has no business with."""


class ReadAny(Rule):
    """Reading the registry, or the server's version."""

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        return


class Administer(Rule):
    """What concerns everybody's runs: renaming and deleting experiments."""

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.ADMINISTER)
