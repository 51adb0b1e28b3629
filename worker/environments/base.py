"""What all environments have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from proteinx.client.agent import AttemptClient
from proteinx.contracts.faults import FaultRule
from proteinx.contracts.jobs import JobSpec
from proteinx.contracts.states import Fault
from worker.cache import Cache
from worker.launch import Launch
from worker.layout import AttemptDir


class CannotHave(ValueError):
    """This worker can't give the project the environment that it asks for; the sentence says what to do."""


class BuildFailed(Exception):
    """`fault` says whether another try could help."""

    def __init__(self, fault: Fault, reason: str) -> None:
        super().__init__(reason)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Site:
    """What an environment is made with, and for whom."""

    attempt: AttemptDir
    project: Path
    """The project's folder in the attempt's copy of the code."""
    cache: Cache
    client: AttemptClient
    private: dict[str, str] = field(default_factory=dict)
    """As in `Launch.special`; None of it is within reach of a build either."""
    confine: bool = True
    rules: Sequence[FaultRule] = ()


class Environment(Protocol):
    @property
    def label(self) -> str:
        """As job pages show it: `own`, `venv 3f2a91c07d21`, `docker <image>`."""
        ...

    def make(self, site: Site) -> None:
        """Makes it, or finds it made. Raises BuildFailed, CannotHave, Stopped, OSError."""
        ...

    def adapt(self, launch: Launch, spec: JobSpec, site: Site) -> None:
        """Changes the launch so that the job's command runs in it."""
        ...
