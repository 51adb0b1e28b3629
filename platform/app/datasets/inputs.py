"""What a job takes in: references are resolved to versions when it is made, and to files when it is claimed."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from sqlalchemy.orm import Session

from app.datasets import queries, run_files
from app.errors import NotFound, Unprocessable
from app.master import Master
from app.models import Job
from app.nearest import choices, hint
from proteinx.contracts.jobs import InputFile, InputSpec
from proteinx.contracts.mlproject import PATH_TYPE
from proteinx.contracts.models import ModelVersionView
from proteinx.contracts.phrases import say
from proteinx.contracts.projects import EntryPointView

_DATASET: Final = re.compile(r"([^\s/@:\\]{1,100})(?:@([1-9]\d{0,8}|latest))?")
_MODEL: Final = re.compile(r"models:/([^/:@]{1,200})(?:/(\d{1,9}|latest)|@([\w-]{1,100}))?")


def resolve(session: Session, master: Master, entry_point: EntryPointView, inputs: Mapping[str, str]) -> dict[str, str]:
    """Each input with its version: `<dataset>@<n>`, `models:/<name>/<n>`, or `runs:/<run>/<path>`.

    Raises Unprocessable for an input that the entry point has not or that is missing, and for a dataset, model,
    version or artifact that is not there; each error names the nearest there is.
    """
    known = [parameter.name for parameter in entry_point.parameters if parameter.type == PATH_TYPE]
    for name in inputs:
        if name not in known:
            raise Unprocessable(
                "unknown_input",
                say(
                    "no_such_input",
                    entry_point=entry_point.name,
                    name=name,
                    choices=choices(known),
                    hint=hint(name, known),
                ),
                field=f"inputs.{name}",
            )
    for parameter in entry_point.parameters:
        if parameter.type == PATH_TYPE and parameter.required and parameter.name not in inputs:
            raise Unprocessable(
                "missing_input",
                say("input_needed", entry_point=entry_point.name, name=parameter.name),
                field=f"inputs.{parameter.name}",
            )
    return {name: _resolve(session, master, name, reference) for name, reference in inputs.items()}


def _resolve(session: Session, master: Master, parameter: str, reference: str) -> str:
    field = f"inputs.{parameter}"
    try:
        if model := _MODEL.fullmatch(reference):
            return f"models:/{model[1]}/{_model_version(master, model)}"
        if run_files.REFERENCE.fullmatch(reference):
            run_files.find(session, master, reference)
            return reference
        if dataset := _DATASET.fullmatch(reference):
            number = None if dataset[2] in (None, "latest") else int(dataset[2])
            _, version = queries.require(session, dataset[1], number)
            return f"{dataset[1]}@{version.number}"
    except NotFound as error:
        raise Unprocessable(error.code, error.detail, field=field) from error
    raise Unprocessable(
        "bad_input",
        f"{reference!r} is no input: write <dataset>, <dataset>@<version>, models:/<name>/<version> or "
        f"runs:/<run>/<path of an artifact>.",
        field=field,
    )


def _model_version(master: Master, match: re.Match[str]) -> str:
    return find_version(master, match[1], match[3] or match[2]).version


def find_version(master: Master, name: str, wanted: str | None) -> ModelVersionView:
    """`wanted`: a number, an alias, or nothing for the newest version. Raises NotFound("unknown_model")."""
    found = master.tracking.version(name, None if wanted == "latest" else wanted)
    if found is not None:
        return found
    models = master.tracking.models()
    if name not in {model.name for model in models}:
        known = (model.name for model in models)
        raise NotFound("unknown_model", f"There is no registered model {name!r}.{hint(name, known)}")
    there = choices(version.version for version in master.tracking.versions(name))
    raise NotFound("unknown_model", f"The model {name} has no version {wanted or 'at all'!r}; there are: {there}.")


def specs(session: Session, master: Master, job: Job) -> list[InputSpec]:
    """Each input's files. Raises NotFound if one was deleted since."""
    return [_spec(session, master, job.id, name, reference) for name, reference in sorted(job.inputs.items())]


def _spec(session: Session, master: Master, job_id: str, parameter: str, reference: str) -> InputSpec:
    url = f"/api/jobs/{job_id}/inputs/{quote(parameter, safe='')}/"
    if _MODEL.fullmatch(reference):
        listed = model_files(master, reference)
        files = [
            InputFile(path=path, sha256=None, size=size, url=url + quote(path)) for path, (_, size) in listed.items()
        ]
        return InputSpec(parameter=parameter, kind="model", ref=reference, files=files, is_directory=True)
    if run_files.REFERENCE.fullmatch(reference):
        found = run_files.find(session, master, reference)
        files = [
            InputFile(path=path, sha256=file.sha256, size=file.size, url=url + quote(path))
            for path, file in found.files.items()
        ]
        return InputSpec(parameter=parameter, kind="artifact", ref=reference, files=files, is_directory=found.is_folder)
    name, _, number = reference.rpartition("@")
    _, version = queries.require(session, name, int(number))
    files = [
        InputFile(path=file["path"], sha256=file["sha256"], size=file["size"], url=url + quote(file["path"]))
        for file in version.files
    ]
    return InputSpec(parameter=parameter, kind="dataset", ref=reference, files=files, is_directory=len(files) != 1)


def model_files(master: Master, reference: str) -> dict[str, tuple[str, int]]:
    """A registered model's files: path -> (storage key, size). Raises NotFound."""
    match = _MODEL.fullmatch(reference)
    if match is None:
        raise NotFound("unknown_model", f"{reference!r} is no model.")
    prefix = master.tracking.model_files_prefix(match[1], match[2])
    files = {key.removeprefix(f"{prefix}/"): (key, size) for key, size in master.storage.list(prefix)}
    if not files:
        raise NotFound("model_files_missing", f"The files of {reference} are not in the storage.")
    return files
