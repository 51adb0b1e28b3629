"""A run's metrics: the last value of each, and one's curve."""

from datetime import datetime

from pydantic import BaseModel


class MetricView(BaseModel):
    key: str
    value: float
    """The last one."""
    step: int
    at: datetime


class Curve(BaseModel):
    """Points by step, as three columns of the same length; what is not finite is left out."""

    key: str
    steps: list[int]
    values: list[float]
    times: list[float]
    """Seconds since 1970."""
