"""The agent's settings: environment first (`MASTER_URL`, `REDIS_URL`, `PROTEINX_TOKEN`, `PROTEINX_WORKER_*`), then
what the command line says. Times in seconds, sizes in bytes."""

import re
import socket
from pathlib import Path

from platformdirs import user_state_path
from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parents[1]
GIB = 1024**3


def _host_name() -> str:
    name = re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname()).strip("-._")[:63]
    return name or "worker"


class WorkerSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PROTEINX_WORKER_", extra="ignore", populate_by_name=True)

    master_url: str = Field(validation_alias=AliasChoices("master_url", "MASTER_URL"))
    """Where the master answers, for example `http://lab-server:8000`."""
    redis_url: SecretStr | None = Field(default=None, validation_alias=AliasChoices("redis_url", "REDIS_URL"))
    """The broker; without it, the account that the master gives this node."""
    token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("token", "PROTEINX_TOKEN"))
    """A join token; needed the first time only."""
    name: str = Field(default_factory=_host_name)
    """How the node is called; the machine's name if not said."""
    state_dir: Path = Field(default_factory=lambda: user_state_path("proteinx") / "worker")
    """Identity, running attempts and the cache; on a local disk with room for data and checkpoints."""
    cache_dir: Path | None = None
    """Where data and code are kept for the next job; below the state folder if not said."""
    cache_bytes: int = 200 * GIB
    """What the cache may take; the least recently used goes first."""
    min_free_bytes: int = GIB
    """With less than this free on its disk, the agent lets go of all of its cache that no job uses."""
    labels: dict[str, str] = {}
    """What jobs may ask for: `PROTEINX_WORKER_LABELS='{"rack": "a"}'`."""
    gpu_ignore: list[str] = ["Xorg", "Xwayland", "gnome-shell", "kwin_x11", "kwin_wayland", "plasmashell"]
    """Programs of the machine's desktop: on a GPU they keep no job away. Other people's processes do."""
    gpu_ignore_bytes: int = 0
    """Processes that hold less GPU memory than this keep no job away."""
    rendezvous_ports: str = "29500-29999"
    """Of a job over several machines, rank 0 listens on one of these: open them between the workers."""
    rendezvous_patience: float = 600.0
    """How long such a job waits until all its machines are ready."""
    address: str | None = None
    """Where the other workers reach this one; if not said, the address it has towards the master."""
    drain_seconds: float = 0.0
    """On SIGTERM: how long to wait for running jobs before leaving; they go on without the agent, 0 = leave at once."""
    stop_jobs: bool = False
    """On SIGTERM: end the jobs too (they go on elsewhere from their last checkpoint)."""
    private_paths: list[Path] = []
    """Files and folders that no job may read, beside the usual places of credentials."""
    pass_env: list[str] = []
    """Names of variables that jobs get from the agent's own environment, such as HF_HOME."""
    isolation: bool = True
    """Keep jobs from files that are not theirs, where the kernel can (Landlock)."""
    consumer: bool = True
    """Listen at the broker; without it, work comes with the heartbeats."""
    canary_seconds: float = 20.0
    """How often the broker's consumer rings itself; after three silent rounds it is started anew."""
    backoff_base: float = 1.0
    """First wait for a master that is away; doubles up to `backoff_cap`."""
    backoff_cap: float = 30.0
    relay_patience: float = 600.0
    """How long a job's MLflow call waits for a master that is away, where it can't be answered at once."""
    checkpoint_interval: float = 0.5
    """How often checkpoints are looked for."""
    checkpoint_rest: float = 100.0
    """Pause after sending one, in times of what sending took, but at most 10 s."""
    warm_start: bool = True
    """Keep a process with the heavy libraries imported, and start jobs as forks of it."""
    warm_modules: list[str] = ["torch", "pytorch_lightning", "hydra", "mlflow"]
    """What that process imports. None of them may start a thread or touch CUDA while it is imported."""

    @property
    def cache(self) -> Path:
        return self.cache_dir or self.state_dir / "cache"
