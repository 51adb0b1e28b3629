"""What one person may take of the lab's machines."""

from pydantic import BaseModel, Field


class Quota(BaseModel):
    """Null = no limit."""

    max_gpus: int | None = Field(default=None, ge=0, le=1_000_000)
    """GPUs held at a time; what is over it waits."""
    max_running: int | None = Field(default=None, ge=0, le=1_000_000)
    """Jobs that run at a time; what is over it waits."""
    max_queued: int | None = Field(default=None, ge=0, le=1_000_000)
    """Jobs that wait at a time; what is over it is refused."""
    max_priority: int = Field(default=100, ge=-100, le=100)
    """The highest priority that may be asked for."""
    share: float = Field(default=1.0, gt=0, le=1000)
    """Twice the share: twice as much before others of the same priority go first."""


class QuotaView(BaseModel):
    user: str
    quota: Quota
    own: bool
    """Whether it was set for this person; else it is everybody's."""
    average: float
    """GPUs held on average of late, older use weighing less, CPUs counted in."""
    gpus: int
    """Held now."""
    running: int
    queued: int
