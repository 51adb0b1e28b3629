"""Sweeps: many jobs from one template, their points chosen by the master."""

import math
from datetime import datetime
from enum import StrEnum
from itertools import count, takewhile
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, Field, field_validator, model_validator

from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.phrases import Words

Value = bool | int | float | str
Point = dict[str, Value]
"""Of each key of the space: the value that one trial has."""

MAX_TRIALS: Final = 1000


class SweepState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    """Starts nothing new; what runs goes on."""
    STOPPING = "stopping"
    """Its jobs are being cancelled."""
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


SWEEP_ENDS: Final = frozenset({SweepState.FINISHED, SweepState.STOPPED, SweepState.FAILED})


class TrialState(StrEnum):
    WAITING = "waiting"
    """Its point is chosen; its job is not made yet."""
    LIVE = "live"
    """Its job has not ended."""
    COMPLETE = "complete"
    PRUNED = "pruned"
    FAILED = "failed"
    CANCELLED = "cancelled"


TRIAL_ENDS: Final = frozenset({TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED, TrialState.CANCELLED})


class Dimension(BaseModel, extra="forbid"):
    """One key's values: a list of them, or a range from `low` to `high`, both included."""

    values: list[Value] | None = Field(default=None, max_length=1000)
    low: float | None = None
    high: float | None = None
    log: bool = False
    """Even in the logarithm."""
    step: float | None = Field(default=None, gt=0)
    integer: bool = False

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.values is not None:
            self._check_values(self.values)
        else:
            self._check_range()
        return self

    def _check_values(self, values: list[Value]) -> None:
        if self.low is not None or self.high is not None or self.log or self.step is not None or self.integer:
            raise ValueError("give either `values`, or a range by `low` and `high`, not both")
        if not values:
            raise ValueError("`values` holds nothing, so there is no point to try")
        if len({(type(value), value) for value in values}) != len(values):
            raise ValueError("`values` names one of them twice")

    def _check_range(self) -> None:
        if self.low is None or self.high is None:
            raise ValueError("give `values`, or a range by `low` and `high`")
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError("`low` and `high` must be finite")
        if self.low >= self.high:
            raise ValueError(f"`low` must be below `high`, but {self.low:g} is not below {self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic range starts above 0, not at {self.low:g}")
        if self.log and self.step is not None:
            raise ValueError("a logarithmic range has no `step`")
        if self.step is not None and self.step > self.high - self.low:
            raise ValueError(f"`step` {self.step:g} is larger than the range from {self.low:g} to {self.high:g}")
        if self.integer and any(number is not None and number != int(number) for number in (self.low, self.high)):
            raise ValueError("`low` and `high` of whole numbers must be whole")
        if self.integer and self.step is not None and self.step != int(self.step):
            raise ValueError("the `step` of whole numbers must be whole")

    def points(self) -> list[Value] | None:
        """All that it can be, in order; None where that is without end."""
        if self.values is not None:
            return list(self.values)
        assert self.low is not None and self.high is not None  # noqa: S101  validated
        step = self.step or (1.0 if self.integer else None)
        if step is None:
            return None
        end = self.high + step * 1e-9
        steps = takewhile(lambda value: value <= end, (self.low + number * step for number in count()))
        return [int(value) if self.integer else round(value, 12) for value in steps]


class Pruner(BaseModel, extra="forbid"):
    """Which trials end early, judged by the metric's values as they come.

    `median`: below the median of the complete ones at the same step. `asha`: asynchronous successive halving (Li et al.
    2020): at each rung only the best `1/reduction_factor` of those that reached it go on.
    """

    kind: Literal["none", "median", "asha"] = "none"
    warmup_steps: int = Field(default=0, ge=0)
    """median: nothing is judged before this step."""
    startup_trials: int = Field(default=5, ge=1, le=MAX_TRIALS)
    """median: nothing is judged before so many trials are complete."""
    min_resource: int = Field(default=1, ge=1)
    """asha: steps to the first rung."""
    reduction_factor: int = Field(default=3, ge=2, le=100)
    """asha: each rung is so many times as far as the one before."""


class SweepCreate(BaseModel):
    job: JobCreate
    """What every trial is made from; its name is the trials' beginning."""
    space: dict[str, Dimension] = Field(max_length=50)
    """Hydra key, config group or MLproject parameter -> its values."""
    metric: str = Field(min_length=1, max_length=250)
    """The trial's value is the last one logged under this name."""
    direction: Literal["minimize", "maximize"] = "minimize"
    sampler: Literal["grid", "random", "tpe"] = "tpe"
    pruner: Pruner = Pruner()
    parallelism: int = Field(default=4, ge=1, le=200)
    """So many trials at once, at most."""
    max_trials: int | None = Field(default=None, ge=1, le=MAX_TRIALS)
    """Null = all points of a grid, else 20."""
    max_seconds: float | None = Field(default=None, gt=0)
    """After so much time no new trial starts; what runs goes on. Pauses don't count."""
    finalists: int = Field(default=0, ge=0, le=20)
    """So many of the best run again with each of `seeds`."""
    seeds: list[Annotated[int, Field(ge=0, le=2**31 - 1)]] = Field(default=[], max_length=20)
    seed_key: str = Field(default="seed", min_length=1, max_length=200)
    """What the seeds are given to: a Hydra key or MLproject parameter."""
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    """Of the sampler: the same one, with the same results, chooses the same points."""
    name: str | None = Field(default=None, max_length=200)
    idempotency_key: str | None = Field(default=None, max_length=100)

    @field_validator("pruner", mode="before")
    @classmethod
    def _by_name(cls, value: object) -> object:
        return {"kind": value} if isinstance(value, str) else value


class TrialView(BaseModel):
    number: int
    state: TrialState
    point: dict[str, Any]
    value: float | None
    """The metric's last value; of a pruned trial, at the step where it was ended."""
    reason: str
    reason_words: Words | None = None
    job_id: str | None
    job_state: str | None
    finalist: int | None
    """The number of the trial that it repeats with another seed."""
    seed: int | None
    steps: int | None
    """The last step at which the metric was seen while it ran; null where nobody looked."""
    created_at: datetime
    ended_at: datetime | None


class FinalistView(BaseModel):
    """A point that was run again with several seeds."""

    number: int
    point: dict[str, Any]
    values: list[float]
    mean: float | None
    spread: float | None
    """Standard deviation over the seeds; null below two."""


class BestTrial(BaseModel):
    number: int
    point: dict[str, Any]
    value: float
    job_id: str
    spread: float | None = None
    """Where finals were run: then `value` is the mean over the seeds."""


class SweepView(BaseModel):
    id: str
    """Also the id of the MLflow run that the trials' runs lie below."""
    name: str
    owner: str
    project: str
    experiment: str
    experiment_id: str
    state: SweepState
    reason: str
    reason_words: Words | None = None
    metric: str
    direction: Literal["minimize", "maximize"]
    sampler: Literal["grid", "random", "tpe"]
    pruner: Literal["none", "median", "asha"]
    parallelism: int
    max_trials: int
    trials: dict[str, int]
    """State -> how many."""
    best: BestTrial | None
    created_at: datetime
    ended_at: datetime | None


class SweepDetail(SweepView):
    request: SweepCreate
    """As it was asked for, with code and data pinned."""
    trial_list: list[TrialView]
    importance: dict[str, float]
    """Share of each key in what sets the good trials apart (PED-ANOVA); empty while too few are complete."""
    finals: list[FinalistView]
