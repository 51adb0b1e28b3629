"""The files of a job's inputs, for its attempts alone."""

from collections.abc import Mapping

from sqlalchemy.orm import Session
from starlette.responses import Response

from app.datasets import files, inputs, queries, run_files
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
            return respond(master.storage, _of_database(session, master, reference, path), headers)
    model = inputs.model_files(master, reference).get(path)
    if model is None:
        raise _absent(reference, path)
    key, size = model
    return respond(master.storage, Download(key, size, None, _name(path)), headers)


def _of_database(session: Session, master: Master, reference: str, path: str) -> Download:
    if not run_files.REFERENCE.fullmatch(reference):
        name, _, number = reference.rpartition("@")
        _, version = queries.require(session, name, int(number))
        return files.find(version, path)
    file = run_files.find(session, master, reference).files.get(path)
    if file is None:
        raise _absent(reference, path)
    return Download(file.key, file.size, file.sha256, _name(path))


def _absent(reference: str, path: str) -> NotFound:
    return NotFound("file_not_found", f"{reference} has no file {path!r}.")


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]
