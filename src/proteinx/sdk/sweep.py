"""Sweeps from a notebook."""

import time
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from proteinx.client import Client, sweep_plan
from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.sweeps import SWEEP_ENDS, SweepCreate, SweepDetail, SweepState
from proteinx.sdk.connection import master as connected
from proteinx.sdk.job import Job
from proteinx.sdk.tables import Rows, as_frame, html_table


class SweepFailed(Exception):
    """A sweep that was to finish did not."""


def sweep(what: JobCreate | SweepCreate | Path | str | Mapping[str, Any], /, **given: Any) -> "Sweep":
    """Starts a sweep and returns at once.

    `what`: a project at the master, a YAML file, a mapping as such a file holds it, or the job to be swept. `given` are
    the fields of the file: space, metric, direction, sampler, pruner, max_trials ..., and wishes for the jobs.

        space = {"model": ["cnn", "transformer"], "optimizer.lr": {"low": 1e-4, "high": 1e-2, "log": True}}
        found = px.sweep("protein", space=space, metric="val_spearman", direction="maximize", inputs={"data": "gb1"})
        found.wait().best

    Raises BadSweep, BadWish, ApiError for what the master refuses; then nothing was made.
    """
    client = connected()
    return Sweep(client.sweeps.create(_request(what, given)).id, client)


def _request(what: JobCreate | SweepCreate | Path | str | Mapping[str, Any], given: dict[str, Any]) -> SweepCreate:
    match what:
        case SweepCreate():
            return sweep_plan.merged(what, given) if given else what
        case JobCreate():
            return sweep_plan.plan(what, given)
        case Mapping():
            return sweep_plan.from_mapping({**what, **given})
    if str(what).endswith((".yaml", ".yml")):
        request = sweep_plan.read(Path(what))
        return sweep_plan.merged(request, given) if given else request
    return sweep_plan.from_mapping({"project": str(what), **given})


class Sweep:
    """All of it is asked for anew each time, so what it says is what is so."""

    def __init__(self, sweep_id: str, master: Client | None = None) -> None:
        self.master = master or connected()
        self.id = sweep_id

    @property
    def details(self) -> SweepDetail:
        return self.master.sweeps.get(self.id)

    @property
    def state(self) -> SweepState:
        return self.details.state

    @property
    def url(self) -> str:
        """Its run in MLflow's own pages, with the trials' runs below it."""
        return f"{self.master.mlflow_url}/#/experiments/{self.details.experiment_id}/runs/{self.id}"

    def wait(self, timeout: float | None = None, *, check: bool = True) -> "Sweep":
        """Until it is over. Raises TimeoutError after `timeout` seconds; SweepFailed unless it finished or `check` is
        False."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (detail := self.details).state not in SWEEP_ENDS:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(f"{detail.name} is still {detail.state.value} after {timeout:g} s; it goes on.")
            time.sleep(0.5)
        if check and detail.state is not SweepState.FINISHED:
            raise SweepFailed(f"{detail.name} ({detail.id[:12]}) is {detail.state.value}: {detail.reason}")
        return self

    @property
    def trials(self) -> Any:
        """A row for each trial: a DataFrame, or a list of dicts where there is no pandas."""
        return as_frame(_rows(self.details), index="trial")

    @property
    def best(self) -> Job | None:
        """The best trial's job."""
        found = self.details.best
        return None if found is None else Job(found.job_id, self.master)

    @property
    def importance(self) -> dict[str, float]:
        """Share of each key in what sets the good trials apart."""
        return self.details.importance

    def pause(self) -> "Sweep":
        self.master.sweeps.pause(self.id)
        return self

    def resume(self) -> "Sweep":
        self.master.sweeps.resume(self.id)
        return self

    def stop(self) -> "Sweep":
        self.master.sweeps.stop(self.id)
        return self

    def __repr__(self) -> str:
        detail = self.details
        return f"<Sweep {detail.id} {detail.name!r} {detail.state.value}>"

    def _repr_html_(self) -> str:
        detail = self.details
        rows = _rows(detail)
        head = f"<b>{escape(detail.name)}</b> · {escape(detail.state.value)} {escape(detail.reason)}"
        return f"<div>{head}</div>{html_table(rows.columns, ([row.get(n) for n in rows.columns] for row in rows))}"


def _rows(detail: SweepDetail) -> Rows:
    return Rows(
        (
            {
                "trial": one.number,
                "state": one.state.value,
                detail.metric: one.value,
                **one.point,
                "final_of": one.finalist,
                "final_seed": one.seed,
                "job": one.job_id,
            }
            for one in detail.trial_list
        ),
        empty="no trials yet",
    )
