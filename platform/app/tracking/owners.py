"""Whose a run, a logged model or a registered model is."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app.db import Database
from app.errors import BadRequest, NotFound
from app.models import Job
from app.tracking.rest import MlflowError, Rest
from app.tracking.tags import OWNER_TAG, USER_TAG
from proteinx.contracts.states import JOB_ENDS, JobState

RUN_ID: Final = re.compile(r"[0-9a-f]{32}")
MODEL_ID: Final = re.compile(r"m-[0-9a-f]{32}")
REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class RunOwner:
    """A job's run belongs to the job's owner, any other to the person who made it through this proxy."""

    user_id: str | None
    user_name: str | None
    is_job: bool
    is_live: bool
    """Its job has not ended yet."""


class Owners:
    def __init__(self, db: Database, rest: Rest) -> None:
        self._db = db
        self._rest = rest
        self._makers = _Memory()
        self._sources = _Memory()

    def of_run(self, run_id: str) -> RunOwner:
        """Raises BadRequest for what is no run id, NotFound."""
        if not RUN_ID.fullmatch(run_id):
            raise BadRequest("bad_run_id", "A run's id has 32 hexadecimal digits.", field="run_id")
        with self._db.read() as session:
            job = session.get(Job, run_id)
        if job is not None:
            return RunOwner(job.owner_id, None, is_job=True, is_live=JobState(job.state) not in JOB_ENDS)
        name = self._makers.get(run_id, self._maker)
        return RunOwner(None, name, is_job=False, is_live=False)

    def experiment_of_job(self, job_id: str) -> tuple[str, str]:
        """Id and name of its experiment."""
        with self._db.read() as session:
            job = session.get(Job, job_id)
        if job is None:
            raise NotFound("unknown_job", f"There is no job {job_id}.")
        return job.experiment_id, job.experiment

    def source_run(self, model_id: str) -> str:
        """The run that logged this model; empty if none did. Raises BadRequest, NotFound."""
        if not MODEL_ID.fullmatch(model_id):
            raise BadRequest("bad_model_id", "A logged model's id reads m- and 32 hexadecimal digits.")
        return self._sources.get(model_id, self._source)

    def maker_of_logged_model(self, model_id: str) -> str:
        info = self._ask(f"logged-models/{model_id}")["model"]["info"]
        return _tag(info.get("tags", []), USER_TAG)

    def maker_of_registered_model(self, name: str) -> str:
        """Empty where nobody's name is on it: an admin's business then."""
        model = self._ask("registered-models/get", name=name)["registered_model"]
        return _tag(model.get("tags", []), OWNER_TAG)

    def _maker(self, run_id: str) -> str:
        run = self._ask("runs/get", run_id=run_id)["run"]
        return _tag(run.get("data", {}).get("tags", []), USER_TAG)

    def _source(self, model_id: str) -> str:
        return str(self._ask(f"logged-models/{model_id}")["model"]["info"].get("source_run_id", ""))

    def _ask(self, path: str, **query: str) -> dict[str, Any]:
        try:
            return self._rest.get(path, **query)
        except MlflowError as error:
            raise NotFound("not_found", f"MLflow knows no such thing: {error}") from error


def _tag(tags: list[dict[str, str]], key: str) -> str:
    return next((tag["value"] for tag in tags if tag["key"] == key), "")


class _Memory:
    """Remembers what never changes once it is known, up to a number of entries."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, str] = OrderedDict()

    def get(self, key: str, ask: Callable[[str], str]) -> str:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        value = ask(key)
        with self._lock:
            self._known[key] = value
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return value
