"""Jobs as people ask for them, as workers get them, and as they are shown."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator

from proteinx.contracts.faults import BUILT_IN, FaultRule
from proteinx.contracts.labels import require_labels
from proteinx.contracts.phrases import Words
from proteinx.contracts.states import AttemptState, Fault, JobState
from proteinx.contracts.uploads import FileRef

GIB = 1024**3

OnPartition = Literal["continue", "stop"]
EnvironmentKind = Literal["auto", "own", "venv", "conda", "docker"]


class Resources(BaseModel):
    """What one job needs. `nodes` > 1 asks for that many members with these resources each."""

    gpus: int = Field(default=0, ge=0, le=1024)
    gpu_memory: int = Field(default=0, ge=0)
    """Bytes that each GPU must have free; 0 = any."""
    gpu_share: bool = False
    """May share a GPU with other jobs, by declared `gpu_memory`."""
    cpus: float = Field(default=1.0, gt=0, le=4096)
    memory: int = Field(default=1 * GIB, ge=0)
    """Bytes of RAM."""
    nodes: int = Field(default=1, ge=1, le=1024)
    labels: dict[str, str] = {}
    """Labels that a node must carry."""
    node_names: list[str] = Field(default=[], max_length=1024)
    """The only nodes that will do, by name; empty = any."""

    @field_validator("labels")
    @classmethod
    def _plain_labels(cls, labels: dict[str, str]) -> dict[str, str]:
        return require_labels(labels)


class JobCreate(BaseModel):
    project: str
    entry_point: str = "main"
    snapshot: str | None = None
    """Digest of the project's snapshot; null = the project's newest."""
    parameters: dict[str, str] = {}
    """MLproject parameters that are no inputs."""
    overrides: list[str] = []
    """Hydra overrides, one each: `model=cnn`, `trainer.max_epochs=5`."""
    inputs: dict[str, str] = {}
    """MLproject parameters of type `path`: `<dataset>@<version>`, `<dataset>` (newest), `models:/<name>/<version>`,
    `runs:/<run>/<path of an artifact>`."""
    resources: Resources = Resources()
    name: str | None = Field(default=None, max_length=200)
    experiment: str = Field(default="default", min_length=1, max_length=200)
    tags: dict[str, str] = {}
    notes: str = Field(default="", max_length=10_000)
    priority: int = Field(default=0, ge=-100, le=100)
    preemptible: bool = True
    """May be sent back to the queue for a job of higher priority; it goes on later from its last checkpoint."""
    max_attempts: int = Field(default=5, ge=1, le=100)
    time_limit: float | None = Field(default=7 * 86400.0, gt=0)
    """Seconds that one attempt may run; null = without end."""
    queue_limit: float | None = Field(default=None, gt=0)
    """Seconds that it may wait for a place at a stretch, then it fails; null = without end."""
    lease: float | None = Field(default=None, ge=1, le=86400)
    """Seconds without a heartbeat until the attempt is lost; null = the system's setting."""
    on_partition: OnPartition = "continue"
    """Where a worker is cut off from the master: it goes on, and what it did counts if it is back within the lease; or
    it is stopped before the lease is over, so that no other attempt can ever run beside it."""
    grace: float = Field(default=30.0, ge=0, le=3600)
    """Seconds between TERM and KILL."""
    register_as: str | None = Field(default=None, pattern=r"^[^/:]{1,200}$")
    """Registers the run's model under this name when the job succeeds."""
    environment: EnvironmentKind = "auto"
    """Where its code runs: the worker's own environment, one made from the project's `python_env.yaml`, conda, Docker;
    `auto` = what MLproject names, and the worker's own where that has all of it."""
    warm_start: bool = True
    """May be a fork of a process that has the libraries imported; false = always a fresh interpreter."""
    parent_run: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$")
    """An MLflow run; the job's own is shown nested below it."""
    idempotency_key: str | None = Field(default=None, max_length=100)

    @field_validator("tags")
    @classmethod
    def _no_reserved_tags(cls, tags: dict[str, str]) -> dict[str, str]:
        reserved = [key for key in tags if key.startswith(("mlflow.", "proteinx."))]
        if reserved:
            raise ValueError(f"tags that start with mlflow. or proteinx. are the system's own: {reserved[0]}")
        return tags


class JobCheck(BaseModel):
    """What a request would become; nothing was made."""

    project: str
    snapshot: str
    entry_point: str
    inputs: dict[str, str]
    """With versions resolved."""
    config: dict[str, Any] | None
    params: dict[str, str]
    """The config, flattened, as it goes to MLflow."""
    estimated_start: datetime | None = None
    """When it would start at the latest if it were made now; null where nobody can know."""


class MemberView(BaseModel):
    rank: int
    node_id: str
    node: str
    state: AttemptState
    gpus: list[str]
    log_bytes: int
    environment: str = ""
    """The one it runs in: `own`, `venv 3f2a91c07d21`, `docker <image>`; empty until it runs."""
    start: str = ""
    """`warm`, `cold`, or `cold: <reason>` where it was to be warm."""
    start_words: Words | None = None
    """That reason by its code."""


class AttemptView(BaseModel):
    number: int
    state: AttemptState
    fault: Fault | None
    reason: str
    reason_words: Words | None = None
    """The reason by its code, where it is one of the system's own sentences."""
    exit_code: int | None
    last_lines: list[str]
    """The end of the log, kept where an attempt failed."""
    assigned_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    members: list[MemberView]
    environment: dict[str, str]


class JobView(BaseModel):
    id: str
    """Also the id of the job's MLflow run."""
    name: str
    owner: str
    project: str
    snapshot: str
    entry_point: str
    parameters: dict[str, str]
    overrides: list[str]
    inputs: dict[str, str]
    """With versions resolved: `<dataset>@<version>`."""
    resources: Resources
    experiment: str
    experiment_id: str
    tags: dict[str, str]
    notes: str
    priority: int
    preemptible: bool
    max_attempts: int
    time_limit: float | None
    queue_limit: float | None = None
    on_partition: OnPartition = "continue"
    register_as: str | None
    registered_version: str | None
    environment: EnvironmentKind = "auto"
    warm_start: bool = True
    state: JobState
    reason: str
    reason_words: Words | None = None
    """The reason by its code, where it is one of the system's own sentences."""
    attempt: int
    nodes: list[str] = []
    """Names of the nodes of its newest attempt, by rank."""
    parent_job: str | None
    parent_run: str | None = None
    """The MLflow run that its own is nested below; of a sweep's trial, the sweep's id."""
    trashed_at: datetime | None = None
    purged_at: datetime | None = None
    """Since when its files are gone: then it can't come back from the trash."""
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    metrics: dict[str, float] = {}
    """The run's last metrics, filled at the end of the job."""


class JobDetail(JobView):
    config: dict[str, Any] | None
    """The composed Hydra config, interpolations unresolved; null where the project has none."""
    attempts: list[AttemptView]


class JobEvent(BaseModel):
    id: int
    at: datetime
    attempt: int | None
    actor: str
    kind: str
    from_state: str | None
    to_state: str | None
    reason: str
    reason_words: Words | None = None


class Explain(BaseModel):
    """Why a job waits, in one sentence, with each node's own reason."""

    state: JobState
    summary: str
    words: Words | None = None
    """The summary by its code."""
    position: int | None
    """Place in the queue, from 1; null when it does not wait."""
    waiting: int | None = None
    """How many wait in all."""
    starts_at: datetime | None = None
    """When it starts at the latest, by the time limits of what runs and waits in front; null where nobody can know."""
    nodes: dict[str, str] = {}
    node_words: dict[str, Words | None] = {}


# --- what passes between the master and the agent of an attempt ---


class Claim(BaseModel):
    protocol: int
    dispatch_id: str
    rank: int = 0


class InputFile(BaseModel):
    path: str
    """Relative to the input's root; an input of one file has just its name."""
    sha256: str | None
    """Null only where the master can't know it beforehand (files logged straight to MLflow)."""
    size: int
    url: str
    """Path below the master's address; answers GET with Range for the attempt's token."""


class InputSpec(BaseModel):
    parameter: str
    kind: Literal["dataset", "model", "artifact"]
    ref: str
    files: list[InputFile]
    is_directory: bool
    """Whether the parameter's value is the folder of `files`, or the one file itself."""


class CheckpointSpec(BaseModel):
    step: int
    manifest: dict[str, Any]
    files: list[InputFile]


class JobSpec(BaseModel):
    """All that an agent needs to run one member of one attempt."""

    job_id: str
    attempt: int
    rank: int
    world_size: int
    token: str
    """Good for this attempt only."""
    project: str
    snapshot: str
    snapshot_url: str
    snapshot_size: int
    entry_point: str
    parameters: dict[str, str]
    overrides: list[str]
    inputs: list[InputSpec]
    checkpoint: CheckpointSpec | None
    resources: Resources
    gpu_uuids: list[str]
    experiment_id: str
    time_limit: float | None
    grace: float
    stop_after: float | None = None
    """Seconds without an answer of the master to the node's heartbeat by which the job must have ended; null = it goes
    on."""
    params_logged: bool
    environment: EnvironmentKind = "auto"
    warm_start: bool = True
    fault_rules: list[FaultRule] = Field(default_factory=lambda: list(BUILT_IN))
    """The master's table of faults: what the end of the log says of a failure."""


class Ready(BaseModel):
    """A member of a job over several machines has all it needs, and would listen here if it is rank 0."""

    rank: int = 0
    address: str = Field(min_length=1, max_length=255)
    port: int = Field(ge=1, le=65535)


class Meeting(BaseModel):
    ready: bool
    """Whether all members are; then the address and port are rank 0's."""
    address: str | None = None
    port: int | None = None
    waiting_for: list[int] = []
    """Ranks that are not ready yet."""


class StateReport(BaseModel):
    """preparing, running or finalizing; repeating the present state is accepted."""

    rank: int = 0
    state: AttemptState
    detail: dict[str, Any] = {}
    environment: dict[str, str] = {}


class Finish(BaseModel):
    """The end of one member. Repeating it is accepted and answered as the first time."""

    rank: int = 0
    outcome: Literal["succeeded", "failed", "cancelled", "preempted"]
    fault: Fault | None = None
    reason: str = Field(default="", max_length=2000)
    rule: str | None = None
    """Name of the rule of the table of faults that told what failed."""
    exit_code: int | None = None
    last_lines: list[str] = []
    started: bool = False
    """Its process ran, and this report also stands for those of running and finalizing that were not sent."""
    detail: dict[str, Any] = {}
    environment: dict[str, str] = {}
    """Both as in StateReport."""


class LogAck(BaseModel):
    size: int
    """Bytes of this member's log that the master has: the next offset to send."""


class CheckpointCommit(BaseModel):
    step: int = Field(ge=0)
    manifest: dict[str, Any]
    files: list[FileRef] = Field(min_length=1)
    """Each one's content was uploaded before."""
    best: bool = False


class CheckpointView(BaseModel):
    step: int
    attempt: int
    best: bool
    size: int
    created_at: datetime
    manifest: dict[str, Any]


class ArtifactCommit(BaseModel):
    """The whole of a member's outputs: visible together, or not at all."""

    files: list[FileRef]


class Fingerprint(BaseModel):
    """What a job left, by content: path -> SHA-256."""

    artifacts: dict[str, str]
    model: dict[str, str]
    """Files of the model that its run logged; empty without one."""


class ArtifactView(BaseModel):
    path: str
    size: int
    sha256: str | None
    attempt: int | None
    location: str
    """Where the bytes lie: a path below the workdir, or a key in the bucket."""
