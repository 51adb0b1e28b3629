"""A job of the platform as MLflow knows submitted runs."""

import time
from typing import Final

from mlflow.projects.submitted_run import SubmittedRun

from proteinx.client import ApiError, Client
from proteinx.contracts.jobs import JobDetail, JobView
from proteinx.contracts.states import RUN_STATUS, JobState
from proteinx.sdk.card import job_card
from proteinx.sdk.stream import Stream, show

_RUN_LAG: Final = 60.0
"""Seconds that MLflow's run may take to follow the job's state."""
_ENDED: Final = frozenset({"FINISHED", "FAILED", "KILLED"})


class PlatformRun(SubmittedRun):  # type: ignore[misc]  # MLflow's classes are not followed
    """`follow` says whether `wait` prints the log; a stream that runs beside the notebook prints it anyway."""

    def __init__(self, master: Client, job: JobView, *, follow: bool) -> None:
        self.master = master
        self.job_id = job.id
        self.url = f"{master.mlflow_url}/#/experiments/{job.experiment_id}/runs/{job.id}"
        self._follow = follow
        self._stream: Stream | None = None

    @property
    def run_id(self) -> str:
        """The job's id is its run's id."""
        return self.job_id

    @property
    def job(self) -> JobDetail:
        return self.master.jobs.get(self.job_id)

    def stream(self, *, daemon: bool = True) -> None:
        """Prints log and moves from a thread until the job has ended; asking again changes nothing."""
        if self._stream is None:
            self._stream = Stream(self.master, self.job_id, daemon=daemon)
            self._stream.start()

    def wait(self) -> bool:
        """True if the job succeeded; False if it failed, was cancelled, or is held until a person acts."""
        if self._stream is not None:
            self._stream.finish()
        elif self._follow:
            show(self.master, self.job_id)
        job = self._until_over()
        if job.state is JobState.HELD:
            print(f"-- held: {job.reason} `px release {job.id[:12]}` lets it go on.", flush=True)
        else:
            self._until_run_is_closed()
        return job.state is JobState.SUCCEEDED

    def get_status(self) -> str:
        """RUNNING, SCHEDULED, FINISHED, FAILED or KILLED, as MLflow's run statuses read."""
        return RUN_STATUS[self.job.state]

    def cancel(self) -> None:
        """Ends the job: TERM, its grace period, KILL; returns once it is over."""
        try:
            self.master.jobs.cancel(self.job_id)
        except ApiError as error:
            if error.code != "already_ended":
                raise
        self._until_over()
        self._until_run_is_closed()

    def _until_over(self) -> JobDetail:
        for _ in self.master.follow(self.job_id):  # its messages were printed already, or nobody wants them
            continue
        return self.job

    def _until_run_is_closed(self) -> None:
        """The master closes the run a moment after the job; what comes next may read its status."""
        deadline = time.monotonic() + _RUN_LAG
        while self.master.runs.status(self.job_id) not in _ENDED and time.monotonic() < deadline:
            time.sleep(0.1)

    def _repr_html_(self) -> str:
        job = self.job
        return job_card(job, self.master.runs.latest_metrics(job.id), self.url)

    def __repr__(self) -> str:
        job = self.job
        return f"<PlatformRun {job.id} {job.name!r} {job.state.value}>"
