"""What is kept of jobs that have ended, and for how long."""

from pydantic import BaseModel, Field


class Rules(BaseModel):
    """Days after a job's end; null = for ever. Nothing of a job whose model is registered is ever touched."""

    checkpoints_days: float | None = Field(default=None, ge=0, le=36_500)
    """Then one checkpoint stays: the best, or the last where none is called best."""
    logs_days: float | None = Field(default=None, ge=0, le=36_500)
    results_days: float | None = Field(default=None, ge=0, le=36_500)
    """Of jobs that failed or were cancelled; results of those that succeeded stay."""


class Surplus(BaseModel):
    jobs: int = 0
    files: int = 0
    bytes: int = 0


class RetentionView(BaseModel):
    rules: Rules
    checkpoints: Surplus
    logs: Surplus
    results: Surplus


class Tidied(BaseModel):
    """What one pass has removed; there may be more where `is_done` is false."""

    checkpoints: Surplus
    logs: Surplus
    results: Surplus
    is_done: bool
