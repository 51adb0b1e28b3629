"""Several runs beside each other, and whether one is better than another."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from proteinx.contracts.states import JobState


class ComparedRun(BaseModel):
    """What one compares of a job: what went in, what was set, and what came out."""

    id: str
    name: str
    owner: str
    state: JobState
    experiment_id: str
    inputs: dict[str, str]
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    settings: dict[str, str]
    """Project, entry point, code, inputs, and the composed config by dotted keys; without a config the parameters."""
    metrics: dict[str, float]
    """Last values; of a job that runs, what MLflow has by now."""


class Difference(BaseModel):
    value: float
    low: float
    high: float


class PairedScore(BaseModel):
    first: float
    second: float
    difference: Difference
    """First minus second."""
    p_value: float
    """Two-sided, against no difference."""
    better: Literal["first", "second"] | None
    """Null where the interval of the difference holds zero."""


class PairedTest(BaseModel):
    """Two runs on the same rows. Each score is tested by itself: of many, some differ by chance."""

    first: str
    second: str
    split: str
    rows: int
    level: float
    method: str
    scores: dict[str, PairedScore]
