"""Experiments: a job sees its own, people make them, admins rename and delete them."""

from app.accounts.actor import MemberActor, UserActor
from app.accounts.authorize import Action, authorize
from app.errors import Forbidden
from app.tracking.call import Call
from app.tracking.mlflow import ARTIFACT_ROOT
from app.tracking.owners import Owners
from app.tracking.rights.parts import no_reserved_tags
from app.tracking.rights.rule import Rule


class ReadExperiment(Rule):
    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        experiment_id, name = owners.experiment_of_job(actor.job_id)
        if call.one("experiment_id") not in (None, experiment_id) or call.one("experiment_name") not in (None, name):
            raise Forbidden("not_its_own", f"A job sees its own experiment, {name}, only.")


class SearchExperiment(Rule):
    reads_body = True

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        experiment_id, name = owners.experiment_of_job(actor.job_id)
        if call.fields().get("experiment_ids") != [experiment_id]:
            raise Forbidden("not_its_own", f"A job searches its own experiment, {name}, only.")


class CreateExperiment(Rule):
    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        call.put("artifact_location", ARTIFACT_ROOT)  # anywhere else would be read and written by the server


class TagExperiment(Rule):
    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        no_reserved_tags(call)
