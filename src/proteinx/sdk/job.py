"""A job as a notebook holds it."""

import time
from pathlib import Path
from typing import Any

from proteinx.client import Client
from proteinx.contracts.jobs import JobDetail
from proteinx.contracts.models import ModelVersionView
from proteinx.contracts.paths import check_path
from proteinx.contracts.states import JOB_ENDS, JobState
from proteinx.sdk.card import job_card
from proteinx.sdk.connection import master as connected
from proteinx.sdk.stream import Stream, show
from proteinx.sdk.tables import Rows, as_frame


class JobFailed(Exception):
    """A job that was to succeed did not. `job` has its log and artifacts."""

    def __init__(self, job: "Job", detail: JobDetail) -> None:
        last = detail.attempts[-1].last_lines[-10:] if detail.attempts else []
        lines = "".join(f"\n  {line}" for line in last)
        super().__init__(f"{detail.name} ({detail.id[:12]}) is {detail.state.value}: {detail.reason}{lines}")
        self.job = job


class Job:
    """All of it is asked for anew each time, so what it says is what is so."""

    def __init__(self, job_id: str, master: Client | None = None) -> None:
        self.master = master or connected()
        self.id = job_id

    @property
    def details(self) -> JobDetail:
        return self.master.jobs.get(self.id)

    @property
    def state(self) -> JobState:
        return self.details.state

    @property
    def name(self) -> str:
        return self.details.name

    @property
    def url(self) -> str:
        """Its run in MLflow's own pages."""
        return f"{self.master.mlflow_url}/#/experiments/{self.details.experiment_id}/runs/{self.id}"

    def follow(self, *, check: bool = True) -> "Job":
        """Shows the log until the job has ended. Interrupting it leaves the job running.

        Raises JobFailed unless it succeeded, or `check` is False.
        """
        show(self.master, self.id)
        return self._checked() if check else self

    def stream(self) -> Stream:
        """The same from a thread: the notebook goes on meanwhile."""
        stream = Stream(self.master, self.id)
        stream.start()
        return stream

    def wait(self, timeout: float | None = None, *, check: bool = True) -> "Job":
        """In silence. Raises TimeoutError after `timeout` seconds, JobFailed as `follow` does."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (state := self.state) not in JOB_ENDS and state is not JobState.HELD:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"{self.name} is still {state.value} after {timeout:g} s; it goes on.")
            time.sleep(0.5)
        return self._checked() if check else self

    def cancel(self) -> "Job":
        self.master.jobs.cancel(self.id)
        return self

    @property
    def log(self) -> str:
        """The newest attempt's, as it is now."""
        return b"".join(self.master.jobs.whole_log(self.id)).decode(errors="replace")

    @property
    def latest(self) -> dict[str, float]:
        """The last value of each metric."""
        return self.master.runs.latest_metrics(self.id)

    @property
    def metrics(self) -> Any:
        """A row for each step, a column for each metric: a DataFrame, or a list of dicts where there is no pandas.

        What MLflow samples of the machine (`system/...`) is left out; `history` has it.
        """
        rows: dict[int, dict[str, Any]] = {}
        for name in sorted(name for name in self.latest if not name.startswith("system/")):
            for point in self.master.runs.history(self.id, name):
                rows.setdefault(point.step, {"step": point.step})[name] = point.value
        return as_frame(Rows((rows[step] for step in sorted(rows)), empty="no metrics yet"), index="step")

    def history(self, metric: str) -> Rows:
        """Each point of one metric: step, value, and time in milliseconds since 1970."""
        points = self.master.runs.history(self.id, metric)
        return Rows({"step": one.step, "value": one.value, "timestamp": one.timestamp} for one in points)

    @property
    def artifacts(self) -> Rows:
        found = self.master.jobs.artifacts(self.id)
        return Rows(({"path": one.path, "size": one.size, "sha256": one.sha256} for one in found), empty="no files yet")

    def download(self, to: Path | str, path: str | None = None) -> list[Path]:
        """One artifact, or all of them, into the folder `to`. Raises LookupError for one that is not there."""
        wanted = [one for one in self.master.jobs.artifacts(self.id) if path in (None, one.path)]
        if path is not None and not wanted:
            raise LookupError(f"{self.name} has no artifact {path!r}.")
        placed = []
        for artifact in wanted:
            target = Path(to) / check_path(artifact.path)
            self.master.jobs.download_artifact(self.id, artifact, target)
            placed.append(target)
        return placed

    def register(self, name: str) -> ModelVersionView:
        """The model that it logged, under `name`."""
        return self.master.models.register(name, self.id)

    def _checked(self) -> "Job":
        detail = self.details
        if detail.state is not JobState.SUCCEEDED:
            raise JobFailed(self, detail)
        return self

    def __repr__(self) -> str:
        detail = self.details
        return f"<Job {detail.id} {detail.name!r} {detail.state.value}>"

    def _repr_html_(self) -> str:
        return job_card(self.details, self.latest, self.url)
