"""Many jobs of one project below one MLflow run: made all at once, waited for, and their results read."""

import re
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from proteinx.client import ApiError, Client
from proteinx.client.binding import Sending, bind
from proteinx.client.code_source import resolve
from proteinx.client.wishes import Wishes
from proteinx.contracts.jobs import JobCreate, JobView
from proteinx.contracts.projects import EntryPointView, SnapshotView
from proteinx.contracts.states import JOB_ENDS, JobState
from proteinx.sdk.progress import transfer

LOOK_SECONDS: Final = 1.0
_RUN_LAG: Final = 60.0
"""Seconds that a job's last metrics may take to lie beside it."""
_BOUND: Final = re.compile(r"([^=\s{}]+)=\{(\w+)\}")
_OVER: Final = JOB_ENDS | {JobState.HELD}
_PAGE: Final = 500

Assignment = tuple[str, Any]
"""A key and its value."""


class PointFailed(RuntimeError):
    """The job of one point did not succeed. Not in the plugin, which Hydra reads again and again."""


class NoEntryPoint(LookupError):
    """The project has none that runs the script, or not the one that was named."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What all jobs of a multirun have in common."""

    experiment: str
    name: str
    wishes: Wishes
    entry_point: str | None = None
    """Null = the one whose command runs the script."""
    inputs: Mapping[str, str] = field(default_factory=dict)


class Multirun:
    """One for a sweep; `run` may be called again with further points."""

    def __init__(self, master: Client, folder: Path, script: str, wanted: Wanted) -> None:
        """Sends the code. Raises NoEntryPoint, BadProject, SnapshotError, MLprojectError, ApiError."""
        self.master = master
        self._wanted = wanted
        self._code = resolve(master, str(folder), name=wanted.wishes.project, bar=partial(transfer, "code"))
        self._entry_point = find_entry_point(self._code, script, wanted.entry_point)
        tags = {"mlflow.source.name": self._code.project, "mlflow.source.type": "PROJECT"}
        self.run_id = master.runs.create(wanted.experiment, wanted.name, tags)

    @property
    def url(self) -> str:
        experiment = self.master.runs.get(self.run_id)["info"]["experiment_id"]
        return f"{self.master.mlflow_url}/#/experiments/{experiment}/runs/{self.run_id}"

    def run(self, points: Sequence[tuple[Sequence[str], Sequence[Assignment]]], first: int = 0) -> list[JobView]:
        """A job for each point, given as overrides and as what they say; the ended jobs, in order.

        A job that is held stays so and comes back as it is. Interrupted, all of them are cancelled.
        """
        jobs: list[JobView] = []
        self.master.runs.set_status(self.run_id, "RUNNING")
        try:
            for number, (overrides, said) in enumerate(points, start=first):
                jobs.append(self._submit(number, overrides, said))
            ended = self._wait(jobs)
        except BaseException:
            self._cancel(jobs)
            self.master.runs.set_status(self.run_id, "KILLED")
            raise
        good = all(job.state is JobState.SUCCEEDED for job in ended)
        self.master.runs.set_status(self.run_id, "FINISHED" if good else "FAILED")
        return ended

    def _submit(self, number: int, overrides: Sequence[str], said: Sequence[Assignment]) -> JobView:
        request = self._request(number, overrides, said)
        while True:
            try:
                job = self.master.jobs.create(request)
            except ApiError as error:
                if error.code != "queue_full":
                    raise
                time.sleep(LOOK_SECONDS)
                continue
            print(f"#{number} {job.id[:12]} {' '.join(overrides)}", file=sys.stderr, flush=True)
            return job

    def _request(self, number: int, overrides: Sequence[str], said: Sequence[Assignment]) -> JobCreate:
        """Keys that the entry point's command sets from a parameter go there: `data.path=my.csv` is an input."""
        bound = bound_keys(self._entry_point)
        values: dict[str, Any] = dict(self._wanted.inputs)
        values |= {bound[key]: value for key, value in said if key in bound}
        given = bind(self.master, self._entry_point, values, Sending(self._wanted.wishes.dataset, bar=transfer))
        kept = [word for word, (key, _) in zip(overrides, said, strict=True) if key not in bound]
        request = JobCreate(
            project=self._code.project,
            entry_point=self._entry_point.name,
            snapshot=self._code.digest,
            parameters=given.parameters,
            inputs=given.inputs,
            overrides=[*given.overrides, *kept],
            parent_run=self.run_id,
        )
        wished = self._wanted.wishes.apply(request)
        return wished.model_copy(update={"name": f"{self._wanted.name}-{number}"[:200], "parent_run": self.run_id})

    def _wait(self, jobs: Sequence[JobView]) -> list[JobView]:
        told: set[str] = set()
        while True:
            now = self._states(jobs)
            for job in now:
                if job.state in _OVER and job.id not in told:
                    told.add(job.id)
                    reason = f": {job.reason}" if job.reason else ""
                    print(f"{job.name} {job.id[:12]} is {job.state.value}{reason}", file=sys.stderr, flush=True)
            if len(told) == len(jobs):
                return now
            time.sleep(LOOK_SECONDS)

    def _states(self, jobs: Sequence[JobView]) -> list[JobView]:
        found: dict[str, JobView] = {}
        cursor: str | None = None
        while True:
            page = self.master.jobs.page(limit=_PAGE, cursor=cursor, parent_run=self.run_id)
            found |= {job.id: job for job in page.items}
            cursor = page.next
            if cursor is None:
                return [found.get(job.id) or self.master.jobs.get(job.id) for job in jobs]  # or one in the trash

    def _cancel(self, jobs: Sequence[JobView]) -> None:
        for job in jobs:
            try:
                self.master.jobs.cancel(job.id)
            except ApiError as error:
                if error.code != "already_ended":
                    print(f"{job.name} {job.id[:12]} could not be cancelled: {error}", file=sys.stderr, flush=True)


def objective(master: Client, job: JobView, metric: str | None) -> float | dict[str, float]:
    """The last value of `metric`, or of all metrics where none is named. Raises LookupError if it was not logged."""
    deadline = time.monotonic() + _RUN_LAG
    while True:
        found = master.runs.latest_metrics(job.id)
        closed = master.runs.status(job.id) in ("FINISHED", "FAILED", "KILLED")
        if metric is None and closed:
            return {key: value for key, value in found.items() if not key.startswith("system/")}
        if metric is not None and metric in found:
            return found[metric]
        if closed or time.monotonic() > deadline:
            logged = ", ".join(sorted(key for key in found if not key.startswith("system/"))) or "nothing"
            raise LookupError(f"{job.name} ({job.id[:12]}) logged no metric {metric!r}; it logged: {logged}.")
        time.sleep(0.2)


def find_entry_point(code: SnapshotView, script: str, name: str | None) -> EntryPointView:
    """The named one; else the one whose command runs the script, `main` before others."""
    declared = sorted(code.entry_points, key=lambda one: one.name != "main")
    known = ", ".join(one.name for one in declared) or "none"
    if name is not None:
        found = [one for one in declared if one.name == name]
        told = f"The project {code.project} has no entry point {name!r}; it has: {known}."
    else:
        found = [one for one in declared if script in _words(one.command)]
        told = f"No entry point of {code.project} runs {script}; name one of {known} by hydra.launcher.entry_point=..."
    if not found:
        raise NoEntryPoint(told)
    return found[0]


def bound_keys(entry_point: EntryPointView) -> dict[str, str]:
    """Config keys that the command sets from a parameter: `data.path={data}`."""
    matches = (_BOUND.fullmatch(word) for word in _words(entry_point.command))
    return {match[1]: match[2] for match in matches if match and match[2] != "overrides"}


def _words(command: str) -> list[str]:
    return shlex.split(command)
