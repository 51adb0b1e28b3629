"""What the agent hands to a supervisor beside the launch: the job's specification and how to reach the master."""

from pathlib import Path

from pydantic import BaseModel

from proteinx.contracts.jobs import JobSpec
from worker.layout import AttemptDir, write_json


class SupervisorSettings(BaseModel):
    """Intervals in seconds."""

    master_url: str
    backoff_base: float = 0.5
    backoff_cap: float = 30.0
    log_interval: float = 0.025
    metrics_interval: float = 1.0
    checkpoint_interval: float = 0.5
    checkpoint_rest: float = 100.0
    relay_patience: float = 600.0
    """How long a call that can't be spooled waits for a master that is away."""
    leftover_grace: float = 5.0
    """For processes that a job left behind when its first one ended."""


class Brief(BaseModel):
    spec: JobSpec
    settings: SupervisorSettings
    environment: dict[str, str] = {}
    """The worker's fingerprint, of packages and hardware."""

    def save(self, attempt: AttemptDir) -> None:
        write_json(attempt.spec, self.model_dump(mode="json"), durable=False)

    @classmethod
    def load(cls, path: Path) -> "Brief":
        return cls.model_validate_json(path.read_bytes())
