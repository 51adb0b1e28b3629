"""Logged models, and the registry."""

from app.accounts.actor import MemberActor, UserActor
from app.accounts.authorize import Action, authorize
from app.errors import BadRequest, Forbidden
from app.tracking.call import Call
from app.tracking.owners import Owners
from app.tracking.rights.parts import (
    no_reserved_tags,
    own_run,
    require_logged_model,
    require_maker,
    require_run,
    sign,
    unsign,
)
from app.tracking.rights.rule import Rule
from app.tracking.tags import CHAMPION, OWNER_TAG, USER_TAG
from proteinx.contracts.accounts import Role


class ReadLoggedModel(Rule):
    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        own_run(actor, owners.source_run(call.variables["model_id"]))


class CreateLoggedModel(Rule):
    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        source = call.fields().get("source_run_id")
        if source:
            require_run(actor, str(source), owners)
        sign(call, USER_TAG, actor.name)

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        own_run(actor, str(call.fields().get("source_run_id", "")))
        unsign(call)  # MLflow's client adds the account that the job runs under; the model is its run's owner's
        if str(call.fields().get("experiment_id")) != owners.experiment_of_job(actor.job_id)[0]:
            raise Forbidden("not_its_own", "A job logs models into its own experiment only.")


class ChangeLoggedModel(Rule):
    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        no_reserved_tags(call)
        require_logged_model(actor, _model_in_path(call), owners)

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        no_reserved_tags(call)
        own_run(actor, owners.source_run(_model_in_path(call)))


class DeleteLoggedModel(ChangeLoggedModel):
    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        Rule.attempt(self, actor, call, owners)


def _model_in_path(call: Call) -> str:
    model_id = call.variables["model_id"]
    if call.fields().get("model_id", model_id) != model_id:
        raise BadRequest("bad_model_id", "Path and body name different models.", field="model_id")
    return model_id


class CreateRegisteredModel(Rule):
    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        sign(call, OWNER_TAG, actor.name)


class ChangeRegisteredModel(Rule):
    """Description, tags, aliases, versions of it: its owner and admins."""

    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        no_reserved_tags(call)
        name = call.fields().get("name")
        if not isinstance(name, str) or not name:
            raise BadRequest("missing_name", "Name the registered model.", field="name")
        require_maker(actor, None if actor.role is Role.ADMIN else owners.maker_of_registered_model(name))


class ChangeAlias(ChangeRegisteredModel):
    """The champion is made at the gate alone."""

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        super().person(actor, call, owners)
        alias = call.fields().get("alias")
        if not isinstance(alias, str) or alias.lower() == CHAMPION:
            raise Forbidden("gated_alias", f"The alias {CHAMPION} goes through the gate: `px models promote`.")


class CreateModelVersion(Rule):
    """Anybody may offer a version of any model, made by a run or a logged model of their own."""

    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        no_reserved_tags(call)
        run_id, model_id = call.fields().get("run_id"), call.fields().get("model_id")
        if run_id:
            require_run(actor, str(run_id), owners)
        if model_id:
            require_logged_model(actor, str(model_id), owners)
