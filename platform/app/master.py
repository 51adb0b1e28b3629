"""What every request may need, built once in the lifespan and kept at `app.state.master`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.clock import now
from app.db import Database
from app.live import announce
from app.live.hub import Hub
from app.scheduling.state import Memory
from app.serving.exchange import Exchange
from app.settings import Settings
from app.storage.base import Storage
from app.tracking.client import Tracking
from proteinx.contracts.faults import BUILT_IN, FaultRule


@dataclass(slots=True)
class Master:
    settings: Settings
    db: Database
    storage: Storage
    tracking: Tracking
    hub: Hub
    wake: Callable[[], None]
    """Tells the scheduler that something changed; returns at once."""
    redis_for_node: Callable[[str], str | None]
    """The broker's address with a node's own account; None without a broker."""
    workdir_changed: Callable[[Path], None] = lambda _: None
    """Called once an admin has set the workdir: MLflow starts on it."""
    probes: dict[str, Callable[[], str]] = field(default_factory=dict)
    """For the health check: a part's name, and what says `ok` or what is wrong with it in a few words."""
    fault_rules: tuple[FaultRule, ...] = BUILT_IN
    """What the end of a failed job's log says, and what is done about it."""
    memory: Memory = field(default_factory=Memory)
    """Of placement."""
    exchange: Exchange = field(default_factory=lambda: Exchange(lambda: None))
    """Of predictions on demand, through the broker."""
    ready_at: datetime = field(default_factory=now)
    """Since when this process can hear heartbeats: silence before it is nobody's fault."""

    def __post_init__(self) -> None:
        # Looked up at each call: the scheduler, and with it the real `wake`, comes after the master.
        announce.install(self.db, self.hub, wake=lambda: self.wake())  # noqa: PLW0108
