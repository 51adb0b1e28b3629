"""Who may make which call to MLflow: one rule for each kind of call, one method for people and one for attempts.

People see everything, change what is theirs, admins all. An attempt's token reaches its own run, its experiment, the
models that its run logged, and the registry for reading. Only the master closes a job's run.
"""

from app.accounts.actor import Actor, MemberActor, UserActor
from app.accounts.authorize import Action, authorize
from app.errors import BadRequest, Conflict, Forbidden
from app.tracking.call import Call
from app.tracking.mlflow import ARTIFACT_ROOT
from app.tracking.owners import RUN_ID, Owners, RunOwner
from app.tracking.tags import OWNER_TAG, USER_TAG, is_reserved
from proteinx.contracts.accounts import Role


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


class ReadRun(Rule):
    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        _own(actor, run_in_query(call))


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


class ReadLoggedModel(Rule):
    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        _own(actor, owners.source_run(call.variables["model_id"]))


class ChangeRun(Rule):
    """Logging to a run, tagging it."""

    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        self.change(actor, call, owners)

    def change(self, actor: UserActor, call: Call, owners: Owners) -> RunOwner:
        _no_reserved_tags(call)
        return require_run(actor, run_in_body(call), owners)

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        _no_reserved_tags(call)
        _own(actor, run_in_body(call))


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
        _sign(call, USER_TAG, actor.name)


class UploadToRun(Rule):
    """The UI's own upload: the run is in the query, the body is the file."""

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        require_run(actor, run_in_query(call), owners)


class CreateExperiment(Rule):
    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        call.put("artifact_location", ARTIFACT_ROOT)  # anywhere else would be read and written by the server


class TagExperiment(Rule):
    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        _no_reserved_tags(call)


class Administer(Rule):
    """What concerns everybody's runs: renaming and deleting experiments."""

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.ADMINISTER)


class CreateRegisteredModel(Rule):
    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        _sign(call, OWNER_TAG, actor.name)


class ChangeRegisteredModel(Rule):
    """Description, tags, aliases, versions of it: its owner and admins."""

    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        _no_reserved_tags(call)
        name = call.fields().get("name")
        if not isinstance(name, str) or not name:
            raise BadRequest("missing_name", "Name the registered model.", field="name")
        _change(actor, None if actor.role is Role.ADMIN else owners.maker_of_registered_model(name))


class CreateModelVersion(Rule):
    """Anybody may offer a version of any model, made by a run or a logged model of their own."""

    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        _no_reserved_tags(call)
        run_id, model_id = call.fields().get("run_id"), call.fields().get("model_id")
        if run_id:
            require_run(actor, str(run_id), owners)
        if model_id:
            require_logged_model(actor, str(model_id), owners)


class CreateLoggedModel(Rule):
    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        authorize(actor, Action.CREATE)
        source = call.fields().get("source_run_id")
        if source:
            require_run(actor, str(source), owners)
        _sign(call, USER_TAG, actor.name)

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        _own(actor, str(call.fields().get("source_run_id", "")))
        _unsign(call)  # MLflow's client adds the account that the job runs under; the model is its run's owner's
        if str(call.fields().get("experiment_id")) != owners.experiment_of_job(actor.job_id)[0]:
            raise Forbidden("not_its_own", "A job logs models into its own experiment only.")


class ChangeLoggedModel(Rule):
    reads_body = True

    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        _no_reserved_tags(call)
        require_logged_model(actor, _model_in_path(call), owners)

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        _no_reserved_tags(call)
        _own(actor, owners.source_run(_model_in_path(call)))


class DeleteLoggedModel(ChangeLoggedModel):
    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        Rule.attempt(self, actor, call, owners)


class ReadArtifact(Rule):
    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        _own(actor, artifact_run(_artifact_path(call), owners))


class WriteArtifact(ReadArtifact):
    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        run_id, model_id = _artifact_place(_artifact_path(call))
        if model_id:
            require_logged_model(actor, model_id, owners)
        else:
            require_run(actor, run_id, owners)


class DeleteArtifact(WriteArtifact):
    def person(self, actor: UserActor, call: Call, owners: Owners) -> None:
        super().person(actor, call, owners)
        run_id = artifact_run(_artifact_path(call), owners)
        if run_id and owners.of_run(run_id).is_job:
            raise Forbidden("job_artifacts", "A job's artifacts are kept as they were handed in.")

    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        Rule.attempt(self, actor, call, owners)


# --- what the rules are made of ---


def run_in_query(call: Call) -> str:
    return _same(call.one("run_id"), call.one("run_uuid"))


def run_in_body(call: Call) -> str:
    return _same(call.fields().get("run_id"), call.fields().get("run_uuid"))


def _same(*values: object) -> str:
    """The one run that is named. MLflow takes either of two names, so both must agree."""
    given = [value for value in values if value is not None and value != ""]
    if not given or any(value != given[0] for value in given):
        raise BadRequest("missing_run_id", "Name one run, as run_id.", field="run_id")
    if not isinstance(given[0], str) or not RUN_ID.fullmatch(given[0]):
        raise BadRequest("bad_run_id", "A run's id has 32 hexadecimal digits.", field="run_id")
    return given[0]


def _own(actor: MemberActor, run_id: str) -> None:
    if run_id != actor.job_id:
        raise Forbidden("not_its_own", "A job may only use its own run.")


def require_run(actor: UserActor, run_id: str, owners: Owners) -> RunOwner:
    """Raises Forbidden unless the run is the person's own, or they are an admin."""
    owner = owners.of_run(run_id)
    own = owner.user_id == actor.id or (owner.user_name is not None and owner.user_name == actor.name)
    authorize(actor, Action.CHANGE, actor.id if own else None)
    return owner


def require_logged_model(actor: UserActor, model_id: str, owners: Owners) -> None:
    run_id = owners.source_run(model_id)
    if run_id:
        require_run(actor, run_id, owners)
    else:
        _change(actor, owners.maker_of_logged_model(model_id))


def _change(actor: UserActor, maker: str | None) -> None:
    authorize(actor, Action.CHANGE, actor.id if maker and maker == actor.name else None)


def _model_in_path(call: Call) -> str:
    model_id = call.variables["model_id"]
    if call.fields().get("model_id", model_id) != model_id:
        raise BadRequest("bad_model_id", "Path and body name different models.", field="model_id")
    return model_id


def _artifact_path(call: Call) -> str:
    return call.variables.get("artifact_path") or call.one("path") or ""


def _artifact_place(path: str) -> tuple[str, str]:
    """(run id, logged model's id), one of them empty, that this path below the artifact root belongs to.

    An experiment that MLflow itself made has its own number as the first part. Raises Forbidden for any other place.
    """
    parts = path.strip("/").split("/")
    if parts[0].isdecimal():
        parts = parts[1:]
    match parts:
        case ["models", model_id, "artifacts", *_]:
            return "", model_id
        case [run_id, "artifacts", *_] if RUN_ID.fullmatch(run_id):
            return run_id, ""
    raise Forbidden("bad_artifact_path", "Artifacts lie below a run or a logged model.")


def artifact_run(path: str, owners: Owners) -> str:
    run_id, model_id = _artifact_place(path)
    return run_id or owners.source_run(model_id)


def _no_reserved_tags(call: Call) -> None:
    """Tags that say whose something is are the master's to set. Raises Forbidden."""
    keys = [call.fields().get("key"), call.variables.get("tag_key")]
    tags = call.fields().get("tags") or []
    if not isinstance(tags, list):
        raise BadRequest("bad_tags", "Tags are a list of key and value.", field="tags")
    keys += [tag.get("key") for tag in tags if isinstance(tag, dict)]
    for key in keys:
        if isinstance(key, str) and is_reserved(key):
            raise Forbidden("reserved_tag", f"The tag {key} is the platform's own; take another name.")


def _sign(call: Call, key: str, name: str) -> None:
    """Puts the maker's name on something new, in place of what a client may have put there."""
    call.put("tags", [*_unsign(call), {"key": key, "value": name}])


def _unsign(call: Call) -> list[dict[str, object]]:
    """Takes off whatever tags only the master sets; returns the others."""
    tags = call.fields().get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, dict) for tag in tags):
        raise BadRequest("bad_tags", "Tags are a list of key and value.", field="tags")
    kept = [tag for tag in tags if not is_reserved(str(tag.get("key", "")))]
    call.put("tags", kept)
    return kept
