"""Files that a job left under `datasets/<name>/` become a dataset version, with lineage, once the job succeeded."""

import hashlib
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.datasets import queries
from app.datasets.check import check_file
from app.datasets.service import make_dataset, next_number
from app.errors import NotFound, Unprocessable
from app.jobs.transitions import record
from app.master import Master
from app.models import Artifact, Dataset, DatasetVersion, Job, User
from app.storage import keys
from proteinx.contracts.accounts import Role
from proteinx.contracts.datasets import NAME, ColumnNames
from proteinx.contracts.phrases import say

log = logging.getLogger(__name__)

FOLDER: Final = "datasets"
_OUTPUT: Final = re.compile(rf"{FOLDER}/([^/]+)/(.+)")


def inspect(master: Master, files: Mapping[str, Path]) -> None:
    """Checks the data files among committed outputs (path -> where the bytes are) and keeps each report for `adopt`.

    Only those at the top of a dataset: below may be thousands of arrays, and a check takes a process. A file that the
    check refuses is kept as it is, as the job's result; its report says what is wrong.
    """
    for path, source in files.items():
        if (match := _OUTPUT.fullmatch(path)) and "/" not in match[2]:
            with source.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            text = json.dumps(_inspected(source, path.rsplit("/", 1)[-1]), ensure_ascii=False)
            master.storage.write_bytes(keys.report(digest), text.encode())


def _inspected(source: Path, filename: str) -> dict[str, Any]:
    try:
        checked = check_file(source, filename, ColumnNames())
    except Unprocessable as error:
        finding = {"code": error.code, "severity": "error", "detail": error.detail, "count": 1, "lines": []}
        return {"kind": "file", "rows": None, "columns": {}, "report": {"kind": "file", "findings": [finding]}}
    columns = checked.columns.model_dump()
    return {"kind": checked.kind, "rows": checked.rows, "columns": columns, "report": checked.report}


@dataclass(frozen=True, slots=True)
class _Maker:
    job: Job
    owner: User


def adopt(session: Session, master: Master, job: Job) -> list[str]:
    """Makes the versions of a job that succeeded; returns `<dataset>@<n>` of each. Repeating it makes nothing new.

    Renames only, so it may run in the transaction that ends the job. A name that can't be used is told in the job's
    timeline, and its files stay artifacts.
    """
    rows = session.scalars(select(Artifact).where(Artifact.job_id == job.id).order_by(Artifact.path))
    by_name: dict[str, list[Artifact]] = {}
    for row in rows:
        if match := _OUTPUT.fullmatch(row.path):
            by_name.setdefault(match[1], []).append(row)
    owner = session.get_one(User, job.owner_id)
    made = []
    for name, files in by_name.items():
        problem = _problem(session, owner, name) or _missing(session, master, job, name, files)
        if problem:
            record(session, job, "dataset_skipped", actor="master", reason=problem)
            continue
        reference = _adopt(session, master, _Maker(job, owner), name, files)
        record(session, job, "dataset", actor="master", reason=say("dataset_made", dataset=reference))
        made.append(reference)
    return made


def _problem(session: Session, owner: User, name: str) -> str | None:
    if not re.fullmatch(NAME, name):
        return say("dataset_bad_name", name=name)
    dataset = queries.by_name(session, name)
    if dataset is not None and dataset.owner_id != owner.id and owner.role != Role.ADMIN.value:
        return say("dataset_foreign", name=name)
    return None


def _missing(session: Session, master: Master, job: Job, name: str, files: Sequence[Artifact]) -> str | None:
    """Somebody may have deleted an artifact through MLflow. What a broken-off `adopt` has moved is not missing."""
    dataset = queries.by_name(session, name)
    number = next_number(session, dataset) if dataset else 1
    for file in files:
        moved = master.storage.size(_target(name, number, file)) == file.size
        if not moved and master.storage.size(_origin(job, file)) is None:
            return say("dataset_file_gone", path=file.path)
    return None


def _origin(job: Job, file: Artifact) -> str:
    return f"{keys.artifacts(job.id)}/{file.path}"


def _target(name: str, number: int, file: Artifact) -> str:
    return keys.processed(name, number, file.path.removeprefix(f"{FOLDER}/{name}/"))


def _adopt(session: Session, master: Master, maker: _Maker, name: str, artifacts: Sequence[Artifact]) -> str:
    dataset = queries.by_name(session, name) or make_dataset(session, name, maker.owner.id)
    number = next_number(session, dataset)
    files = []
    for artifact in artifacts:
        path = artifact.path.removeprefix(f"{FOLDER}/{name}/")
        key = _target(name, number, artifact)
        if master.storage.size(_origin(maker.job, artifact)) is not None:
            master.storage.move(_origin(maker.job, artifact), key)
        files.append({"path": path, "sha256": artifact.sha256, "size": artifact.size, "key": key})
        session.delete(artifact)
    session.add(_version(master, maker, dataset, number, files))
    session.flush()
    pointer = json.dumps({"dataset": name, "version": number, "files": files}, ensure_ascii=False, indent=1)
    master.storage.write_bytes(f"{keys.artifacts(maker.job.id)}/{FOLDER}/{name}.json", pointer.encode())
    return f"{name}@{number}"


def _version(
    master: Master, maker: _Maker, dataset: Dataset, number: int, files: list[dict[str, Any]]
) -> DatasetVersion:
    single = files[0] if len(files) == 1 else None
    found = _found(master, files)
    return DatasetVersion(
        dataset_id=dataset.id,
        number=number,
        filename=single["path"].rsplit("/", 1)[-1] if single else dataset.name,
        kind=found.get("kind", "file"),
        sha256=single["sha256"] if single else _set_digest(files),
        size=sum(file["size"] for file in files),
        rows=found.get("rows"),
        columns=found.get("columns", {}),
        files=files,
        report=found.get("report"),
        lineage=_lineage(maker.job),
        created_by=maker.owner.name,
        created_at=now(),
    )


def _report(master: Master, digest: str) -> dict[str, Any]:
    try:
        text = b"".join(master.storage.read(keys.report(digest)))
    except NotFound:
        log.warning("the output %s has no report", digest)
        return {}
    report: dict[str, Any] = json.loads(text)
    return report


def _found(master: Master, files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the check found: of several files in the only one that has records, as a table beside its arrays."""
    reports = [_report(master, file["sha256"]) for file in files if "/" not in file["path"]]
    if len(files) == 1:
        return reports[0] if reports else {}
    with_rows = [report for report in reports if report.get("rows")]
    return {**with_rows[0], "kind": "file"} if len(with_rows) == 1 else {}


def _set_digest(files: Sequence[Mapping[str, Any]]) -> str:
    lines = sorted(f"{file['sha256']}  {file['path']}" for file in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lineage(job: Job) -> dict[str, Any]:
    return {
        "job": job.id,
        "project": job.project,
        "snapshot": job.snapshot,
        "entry_point": job.entry_point,
        "inputs": job.inputs,
        "parameters": job.parameters,
        "overrides": job.overrides,
    }
