"""Files below a run or a logged model."""

from app.accounts.actor import MemberActor, UserActor
from app.errors import Forbidden
from app.tracking.call import Call
from app.tracking.owners import RUN_ID, Owners
from app.tracking.rights.parts import own_run, require_logged_model, require_run
from app.tracking.rights.rule import Rule


class ReadArtifact(Rule):
    def attempt(self, actor: MemberActor, call: Call, owners: Owners) -> None:
        own_run(actor, artifact_run(_artifact_path(call), owners))


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
