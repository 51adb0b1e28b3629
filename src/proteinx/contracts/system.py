"""Health, the workdir and the settings that an admin may change."""

from typing import Literal

from pydantic import BaseModel, Field

from proteinx.contracts.quotas import Quota
from proteinx.contracts.serving import ServingSettings


class Health(BaseModel):
    status: Literal["ok", "degraded"]
    version: str
    setup_required: bool
    parts: dict[str, str]
    """database, scheduler, broker, mlflow, workdir: `ok` or what is wrong."""


def wheel_path(version: str) -> str:
    """Below a master's address: where its own wheel is."""
    return f"/packages/proteinx-{version}-py3-none-any.whl"


class ClientPackage(BaseModel):
    """The master's own wheel, for notebooks and people's machines."""

    version: str
    url: str
    sha256: str
    pip: str
    """The line to paste."""


class WorkdirSet(BaseModel):
    path: str = Field(min_length=1, max_length=4096)


class WorkdirView(BaseModel):
    path: str | None
    exists: bool
    writable: bool
    free_bytes: int | None
    total_bytes: int | None
    changeable: bool
    """Only while it holds no data."""
    problem: str | None


class WorkdirCheck(BaseModel):
    """What a folder would be as the workdir; nothing was made."""

    path: str
    exists: bool
    """Else it would be made."""
    writable: bool
    """Of a folder that does not exist yet: whether it can be made."""
    free_bytes: int | None
    total_bytes: int | None
    problem: str | None
    """Why it can't be used, in a sentence; null if it can."""


class SystemSettings(BaseModel):
    heartbeat_seconds: float = Field(default=10.0, ge=0.1, le=300)
    suspect_seconds: float = Field(default=30.0, ge=0.2, le=3600)
    lease_seconds: float = Field(default=120.0, ge=1, le=86400)
    claim_seconds: float = Field(default=60.0, ge=1, le=3600)
    """Time from assignment to the start of training's preparation, after which another node may have it."""
    max_upload_bytes: int = Field(default=64 * 1024**3, ge=1)
    max_log_bytes: int = Field(default=1024**3, ge=4096)
    """Bytes of one attempt's log that the master keeps; then a line in the log says that the rest is not kept."""
    checkpoint_bytes: int = Field(default=256 * 1024**3, ge=0)
    """Of one job's checkpoints; over it only the newest is kept."""
    min_free_bytes: int = Field(default=1024**3, ge=0)
    """Uploads are refused (507) when the workdir's disk has less than this free."""
    trash_days: float = Field(default=30.0, ge=0, le=3660)
    """So long a job stays in the trash until its files are removed."""
    fair_share: bool = True
    """Among equal priorities, whoever has had less of the machines goes first; else whoever came first."""
    fair_share_half_life_seconds: float = Field(default=7 * 86400.0, ge=60, le=366 * 86400)
    """Use that is so long ago counts half in a user's share."""
    cpus_per_gpu: float = Field(default=16.0, gt=0, le=4096)
    """So many CPUs count as much as a GPU in a user's share."""
    aging_seconds: float = Field(default=3600.0, ge=1, le=366 * 86400)
    """Waiting so long lifts a job by one step of priority, up to the highest that anybody waiting has asked for."""
    backfill: bool = True
    """Jobs may pass one that has to wait, as long as they do not delay it; else nobody passes."""
    reservations: int = Field(default=8, ge=0, le=100)
    """For so many jobs at the head of the queue that have to wait, room is kept."""
    preemption: bool = True
    """A job of higher priority may send running ones of lower priority back to the queue, where they go on later from
    their last checkpoint."""
    default_quota: Quota = Quota()
    """For everybody who has none of their own."""
    quarantine_failures: int = Field(default=3, ge=0, le=1000)
    """So many jobs that fail on a node through the machine's fault quarantine it; 0 = never."""
    quarantine_window_seconds: float = Field(default=3600.0, ge=1, le=366 * 86400)
    """Within this time."""
    serving: ServingSettings = ServingSettings()
    """Predictions on demand."""
