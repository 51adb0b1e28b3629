"""The files of a job's inputs, for its attempts alone."""

from collections.abc import Mapping

from starlette.responses import Response

from app.datasets import files, inputs, queries
from app.errors import NotFound
from app.master import Master
from app.models import Job
from app.storage.downloads import Download, respond


def download(master: Master, job_id: str, parameter: str, path: str, headers: Mapping[str, str]) -> Response:
    """Raises NotFound."""
    with master.db.read() as session:
        reference = session.get_one(Job, job_id).inputs.get(parameter)
        if reference is None:
            raise NotFound("unknown_input", f"This job has no input {parameter!r}.")
        if not reference.startswith("models:/"):
            name, _, number = reference.rpartition("@")
            _, version = queries.require(session, name, int(number))
            return respond(master.storage, files.find(version, path), headers)
    found = inputs.model_files(master, reference).get(path)
    if found is None:
        raise NotFound("file_not_found", f"{reference} has no file {path!r}.")
    key, size = found
    return respond(master.storage, Download(key, size, None, path.rsplit("/", 1)[-1]), headers)
