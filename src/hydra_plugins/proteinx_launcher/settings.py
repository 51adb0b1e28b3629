"""What `hydra.launcher.*` may say. Hydra reads this module whenever it starts, so it loads nothing else."""

from dataclasses import dataclass, field
from typing import Any

from hydra.core.config_store import ConfigStore


@dataclass
class ProteinxLauncherConf:
    """Names and defaults as for `px submit`."""

    _target_: str = "hydra_plugins.proteinx_launcher.launcher.ProteinxLauncher"
    metric: str | None = None
    """What a point returns, for sweepers that look for the best: this metric's last value; without it, all metrics."""
    entry_point: str | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    experiment: str = "default"
    name: str | None = None
    gpus: int = 0
    gpu_memory: str = "0"
    gpu_share: bool = False
    cpus: float = 1.0
    memory: str = "1G"
    nodes: int = 1
    node_names: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    priority: int = 0
    preemptible: bool = True
    time_limit: str = "7d"
    max_attempts: int = 5
    tags: dict[str, str] = field(default_factory=dict)
    notes: str = ""
    project: str | None = None
    """The name under which the code is kept at the master; without it the one in MLproject."""


def of_launcher(fields: dict[str, Any]) -> dict[str, Any]:
    """Those that are no wish for the jobs."""
    return {key: fields[key] for key in ("metric", "entry_point", "inputs", "experiment", "name")}


ConfigStore.instance().store(group="hydra/launcher", name="proteinx", node=ProteinxLauncherConf, provider="proteinx")
