"""What a worker says of itself, and what the master answers."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field, field_validator

from proteinx.contracts.jobs import EnvironmentKind
from proteinx.contracts.labels import require_labels
from proteinx.contracts.phrases import Words
from proteinx.contracts.states import AttemptState


class NodeState(StrEnum):
    ACTIVE = "active"
    DRAINING = "draining"
    QUARANTINED = "quarantined"


class NodeHealth(StrEnum):
    """From the age of the last heartbeat: nothing is placed on a node that is not online."""

    ONLINE = "online"
    SUSPECT = "suspect"
    LOST = "lost"


class GpuInfo(BaseModel):
    uuid: str
    index: int
    name: str
    memory_bytes: int


class GpuSample(BaseModel):
    uuid: str
    utilization: float | None = None
    """Percent."""
    memory_used_bytes: int | None = None
    temperature_c: float | None = None
    power_w: float | None = None
    pids: list[int] = []
    foreign_pids: list[int] = []
    """Processes on it that belong to no attempt of this node."""


class NodeInfo(BaseModel):
    """What does not change while the agent runs."""

    hostname: str
    boot_id: str
    agent_version: str
    platform: str
    python: str
    cpus: int = Field(ge=1)
    memory_bytes: int = Field(gt=0)
    gpus: list[GpuInfo] = []
    labels: dict[str, str] = {}
    isolation: str = "none"
    """How a job's process is kept from the agent's credentials: landlock, uid, or none."""
    packages: dict[str, str] = {}
    """Versions that make up the environment fingerprint: python, torch, cuda, ..."""
    environments: dict[EnvironmentKind, str] | None = None
    """Which environments it can give a job, each with the program that makes it; null where the agent does not say."""


class Register(BaseModel):
    """Sent with a join token the first time, with the node's own token after that."""

    protocol: int
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")
    info: NodeInfo


class RegisterReply(BaseModel):
    node_id: str
    token: str | None
    """The node's token, on joining only."""
    redis_url: str | None
    """The node's own account at the broker; null where the master has no broker."""
    heartbeat_seconds: float
    server_time: datetime


class MemberStatus(BaseModel):
    """One attempt's member that is on this node, dead or alive, until the master has its end."""

    job_id: str
    attempt: int
    rank: int = 0
    state: AttemptState


class NodeSample(BaseModel):
    cpu_percent: float
    memory_used_bytes: int
    disk_free_bytes: int
    disk_total_bytes: int
    gpus: list[GpuSample] = []


class Heartbeat(BaseModel):
    protocol: int
    boot_id: str
    sample: NodeSample
    members: list[MemberStatus] = []
    draining: bool = False
    """The agent got SIGTERM and takes no new work."""
    sent_at: datetime


class Assignment(BaseModel):
    job_id: str
    attempt: int
    rank: int
    dispatch_id: str


class Command(BaseModel):
    """`cancel`: TERM, grace, KILL, report cancelled. `preempt`: the same, but it goes on later from its
    last checkpoint. `kill`: fenced; end it at once and throw it away."""

    kind: Literal["cancel", "preempt", "kill"]
    job_id: str
    attempt: int
    rank: int = 0
    reason: str


class HeartbeatReply(BaseModel):
    assignments: list[Assignment] = []
    commands: list[Command] = []
    server_time: datetime
    heartbeat_seconds: float


class DrainRequest(BaseModel):
    reason: str = Field(default="", max_length=500)


class Labels(BaseModel):
    labels: dict[str, str]

    @field_validator("labels")
    @classmethod
    def _plain(cls, labels: dict[str, str]) -> dict[str, str]:
        return require_labels(labels)


class NodeHistoryPoint(BaseModel):
    at: datetime
    sample: NodeSample


class NodeView(BaseModel):
    id: str
    name: str
    state: NodeState
    health: NodeHealth
    reason: str
    reason_words: Words | None = None
    labels: dict[str, str]
    """What jobs may ask for: the agent's own, overruled by what admins gave it."""
    own_labels: dict[str, str]
    """What admins gave it."""
    info: NodeInfo
    sample: NodeSample | None
    cpus_free: float
    memory_free_bytes: int
    gpus_free: int
    jobs: list[str]
    gpu_jobs: dict[str, list[str]] = {}
    """Jobs that hold each GPU, by its UUID."""
    last_heartbeat_at: datetime | None
    joined_at: datetime
