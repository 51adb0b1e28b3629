"""Runs. Only the master closes a job's run."""

from app.accounts.actor import MemberActor, UserActor
from app.accounts.authorize import Action, authorize
from app.errors import Conflict
from app.tracking.call import Call
from app.tracking.owners import Owners, RunOwner
from app.tracking.rights.parts import no_reserved_tags, own_run, require_run, run_in_body, run_in_query, sign
from app.tracking.rights.rule import Rule
from app.tracking.tags import USER_TAG


class ReadRun(Rule):
    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        own_run(actor, run_in_query(call))


class ChangeRun(Rule):
    """Logging to a run, tagging it."""

    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        self.change(actor, call, owners)

    def change(self, actor: UserActor, call: Call, owners: Owners) -> RunOwner:
        no_reserved_tags(call)
        return require_run(actor, run_in_body(call), owners)

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        no_reserved_tags(call)
        own_run(actor, run_in_body(call))


class UpdateRun(ChangeRun):
    """Renames a run. The status of a job's run is the master's to set: that part of the call is left out."""

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        if self.change(actor, call, owners).is_job:
            self._keep_status(call)

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        super().attempt(actor, call, owners)
        self._keep_status(call)

    @staticmethod
    def _keep_status(call: Call) -> None:
        call.drop("status")
        call.drop("end_time")


class DeleteRun(ChangeRun):
    """And restoring it."""

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        if self.change(actor, call, owners).is_live:
            raise Conflict("job_is_live", "The run's job has not ended; cancel it first.")

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        Rule.attempt(self, actor, call, owners)


class CreateRun(Rule):
    """A run of one's own, made with a plain MLflow client."""

    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        call.drop("user_id")
        sign(call, USER_TAG, actor.name)


class UploadToRun(Rule):
    """The UI's own upload: the run is in the query, the body is the file."""

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        require_run(actor, run_in_query(call), owners)
