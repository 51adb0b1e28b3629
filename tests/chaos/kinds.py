"""The kinds of faults, and how long each lasts in terms of the lease. What each does is in `faults_*.py`."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    told: str
    """For the table."""
    shortest: float
    """Seconds."""
    longest: float
    leases: float = 0.0
    """So many leases are added."""
    common: bool = False
    lingers: float = 0.0
    """Seconds in which its effects may still be felt after it is healed."""

    def lasts(self, lease: float) -> tuple[float, float]:
        return self.shortest + self.leases * lease, self.longest + self.leases * lease


KINDS: Final[tuple[Kind, ...]] = (
    Kind("agent_killed", "kill -9 of an agent, started again", 0.2, 2.0, common=True),
    Kind("supervisor_killed", "kill -9 of a supervisor", 0.0, 0.0, common=True),
    Kind("node_lost", "kill -9 of all of a node, back after the lease", 0.5, 1.5, leases=2.0, common=True),
    Kind("master_killed", "kill -9 of the master, started again", 0.5, 3.0, common=True),
    Kind("broker_flushed", "FLUSHALL", 0.0, 0.0, common=True),
    Kind("job_killed", "kill -9 of a job's process", 0.0, 0.0),
    Kind("launcher_killed", "kill -9 of the launchers of a worker", 0.0, 0.0),
    Kind("node_crashed", "kill -9 of all of a node, back at once", 0.2, 1.5),
    Kind("scheduler_killed", "kill -9 at a statement of the scheduler", 0.5, 2.0),
    Kind("master_stopped", "SIGSTOP of the master", 1.0, 8.0),
    Kind("broker_killed", "kill -9 of the broker", 0.0, 0.0),
    Kind("mlflow_killed", "kill -9 of the MLflow server", 0.0, 0.0),
    Kind("agent_stopped", "SIGSTOP of an agent, within the lease", 0.5, 2.5),
    Kind("agent_stopped_long", "SIGSTOP of an agent, longer than the lease", 1.0, 3.0, leases=2.0),
    Kind("link_cut", "link of a node cut within the lease", 0.5, 2.5),
    Kind("link_cut_long", "link of a node cut for longer than the lease", 1.0, 4.0, leases=2.0),
    Kind("link_reset", "all connections of a node reset", 0.0, 0.0),
    Kind("link_half_open", "open connections of a node dead for good", 0.0, 0.0, lingers=60.0),
    Kind("reply_lost", "replies lost after the master has acted", 0.5, 2.0),
    Kind("upload_torn", "uploads broken off in mid-body", 1.0, 3.0),
    Kind("bell_doubled", "doorbells doubled, late and at wrong nodes", 0.0, 0.0),
    Kind("disk_full", "a worker's disk full", 0.5, 3.0),
    Kind("worker_clock_stepped", "a worker's clock stepped", 1.0, 5.0),
    Kind("master_clock_stepped", "the clock stepped under a running master", 1.0, 5.0),
    Kind("master_misdated", "the master killed, started with a wrong clock, and once more with a right one", 2.0, 5.0),
)
