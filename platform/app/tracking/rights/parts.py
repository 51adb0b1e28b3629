"""What the rules are made of: who owns what, which run a call names, which tags are the master's."""

from app.accounts.actor import MemberActor, UserActor
from app.accounts.authorize import Action, authorize
from app.errors import BadRequest, Forbidden
from app.tracking.call import Call
from app.tracking.owners import RUN_ID, Owners, RunOwner
from app.tracking.tags import is_reserved


def _same(*values: object) -> str:
    """The one run that is named. MLflow takes either of two names, so both must agree."""
    given = [value for value in values if value is not None and value != ""]
    if not given or any(value != given[0] for value in given):
        raise BadRequest("missing_run_id", "Name one run, as run_id.", field="run_id")
    if not isinstance(given[0], str) or not RUN_ID.fullmatch(given[0]):
        raise BadRequest("bad_run_id", "A run's id has 32 hexadecimal digits.", field="run_id")
    return given[0]


def run_in_query(call: Call) -> str:
    return _same(call.one("run_id"), call.one("run_uuid"))


def run_in_body(call: Call) -> str:
    return _same(call.fields().get("run_id"), call.fields().get("run_uuid"))


def own_run(actor: MemberActor, run_id: str) -> None:
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
        require_maker(actor, owners.maker_of_logged_model(model_id))


def require_maker(actor: UserActor, maker: str | None) -> None:
    authorize(actor, Action.CHANGE, actor.id if maker and maker == actor.name else None)


def no_reserved_tags(call: Call) -> None:
    """Tags that say whose something is are the master's to set. Raises Forbidden."""
    keys = [call.fields().get("key"), call.variables.get("tag_key")]
    tags = call.fields().get("tags") or []
    if not isinstance(tags, list):
        raise BadRequest("bad_tags", "Tags are a list of key and value.", field="tags")
    keys += [tag.get("key") for tag in tags if isinstance(tag, dict)]
    for key in keys:
        if isinstance(key, str) and is_reserved(key):
            raise Forbidden("reserved_tag", f"The tag {key} is the platform's own; take another name.")


def sign(call: Call, key: str, name: str) -> None:
    """Puts the maker's name on something new, in place of what a client may have put there."""
    call.put("tags", [*unsign(call), {"key": key, "value": name}])


def unsign(call: Call) -> list[dict[str, object]]:
    """Takes off whatever tags only the master sets; returns the others."""
    tags = call.fields().get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, dict) for tag in tags):
        raise BadRequest("bad_tags", "Tags are a list of key and value.", field="tags")
    kept = [tag for tag in tags if not is_reserved(str(tag.get("key", "")))]
    call.put("tags", kept)
    return kept
