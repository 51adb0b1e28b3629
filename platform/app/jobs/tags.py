"""What a job's MLflow run is told of the job, within MLflow's limits."""

import re
from collections.abc import Mapping

from app.accounts.actor import UserActor
from app.errors import Unprocessable
from proteinx.contracts.jobs import JobCreate

MAX_KEY = 250
MAX_TAG = 8000
_KEY = re.compile(r"[\w\-. :/]{1,250}")
_BAD = re.compile(r"[^\w\-. :/]")

JOB_TAG = "proteinx.job"
"""On every run that the master makes; its value is the run's own id once the run is complete."""

PARENT_TAG = "mlflow.parentRunId"
"""MLflow shows the run nested below the one that this names."""

ATTEMPT_TAG = "proteinx.attempt"
"""The number of the job's newest attempt, or of the one to come; kept up to date with the run's status."""


def require_valid(tags: Mapping[str, str]) -> None:
    """Raises Unprocessable where MLflow would refuse a person's tag."""
    for key, value in tags.items():
        if not _KEY.fullmatch(key) or key.startswith("/") or ".." in key:
            told = f"the tag {key[:80]!r} may hold letters, digits, _ - . : / and spaces, at most {MAX_KEY}"
            raise Unprocessable("bad_tag", told, field="tags")
        if len(value) > MAX_TAG:
            told = f"the tag {key} has {len(value)} characters, MLflow keeps at most {MAX_TAG}"
            raise Unprocessable("bad_tag", told, field=f"tags.{key}")


def of_run(user: UserActor, request: JobCreate, snapshot: str, parent_job: str | None) -> dict[str, str]:
    system = {
        "mlflow.source.name": request.project,
        "mlflow.source.type": "PROJECT",
        "mlflow.project.entryPoint": request.entry_point,
        "mlflow.project.backend": "proteinx",
        "mlflow.user": user.name,
        JOB_TAG: "new",
        "proteinx.project": request.project,
        "proteinx.snapshot": snapshot,
        "proteinx.entry_point": request.entry_point,
        ATTEMPT_TAG: "1",
    }
    if request.notes:
        system["mlflow.note.content"] = request.notes[:MAX_TAG]
    if parent_job:
        system["proteinx.parent_job"] = parent_job
    if request.parent_run:
        system[PARENT_TAG] = request.parent_run
    return {**request.tags, **system}


def param_keys(params: Mapping[str, str]) -> dict[str, str]:
    """`params` with keys that MLflow takes; where two become one, the later gets a number."""
    fitting: dict[str, str] = {}
    for key, value in params.items():
        plain = _BAD.sub("_", key)[:MAX_KEY] or "_"
        unique, number = plain, 2
        while unique in fitting:
            unique, number = f"{plain[: MAX_KEY - 6]}_{number}", number + 1
        fitting[unique] = value
    return fitting
