"""Downloads of a dataset's files: for people, and for the attempts whose job takes the dataset in."""

from collections.abc import Mapping

from starlette.responses import Response

from app.accounts.actor import Actor, MemberActor
from app.accounts.authorize import Action, authorize
from app.datasets import queries
from app.errors import Forbidden, NotFound
from app.master import Master
from app.models import DatasetVersion, Job
from app.storage.downloads import Download, respond


def download(
    master: Master, actor: Actor, name: str, number: int, *, path: str, headers: Mapping[str, str]
) -> Response:
    """Raises Forbidden for an attempt whose job has not this version as an input, NotFound."""
    with master.db.read() as session:
        if isinstance(actor, MemberActor):
            job = session.get_one(Job, actor.job_id)
            if f"{name}@{number}" not in job.inputs.values():
                raise Forbidden("not_an_input", f"{name}@{number} is no input of this job.")
        else:
            authorize(actor, Action.VIEW)
        _, version = queries.require(session, name, number)
    return respond(master.storage, find(version, path), headers)


def find(version: DatasetVersion, path: str) -> Download:
    """Raises NotFound."""
    for file in version.files:
        if file["path"] == path:
            return Download(file["key"], file["size"], file["sha256"], path.rsplit("/", 1)[-1])
    raise NotFound("file_not_found", f"This version has no file {path!r}.")
