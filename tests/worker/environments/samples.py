"""An attempt's folder, launch and specification, for what looks at them only."""

from pathlib import Path
from typing import Any

from proteinx.client.agent import AttemptClient
from proteinx.client.transport import Transport
from proteinx.contracts.jobs import JobSpec, Resources
from worker.cache import Cache
from worker.environments.base import Site
from worker.launch import Launch
from worker.layout import AttemptDir


def a_spec(**changes: Any) -> JobSpec:
    fields: dict[str, Any] = {
        "job_id": "a" * 32, "attempt": 1, "rank": 0, "world_size": 1, "token": "px_j_secret", "project": "p",
        "snapshot": "0" * 64, "snapshot_url": "/x", "snapshot_size": 1, "entry_point": "main", "parameters": {},
        "overrides": [], "inputs": [], "checkpoint": None, "resources": Resources(), "gpu_uuids": [],
        "experiment_id": "1", "time_limit": None, "grace": 1.0, "params_logged": True,
    }  # fmt: skip
    return JobSpec(**(fields | changes))


def a_site(folder: Path) -> Site:
    attempt = AttemptDir(folder / "attempts" / f"{'a' * 32}.1.0")
    attempt.create()
    project = attempt.code
    project.mkdir(exist_ok=True)
    client = AttemptClient(Transport("http://127.0.0.1:1"), "a" * 32, 1)
    return Site(attempt, project, Cache(folder / "cache", 10**9), client)


def a_launch(site: Site, **changes: Any) -> Launch:
    fields: dict[str, Any] = {
        "command": "python train.py", "folder": str(site.project), "environment": {"HOME": str(site.attempt.home)},
        "cookie": f"{site.attempt.key}.0123", "gpu_uuids": [], "gpu_share": False, "memory": 0, "time_limit": None,
        "grace": 1.0, "confine": True,
    }  # fmt: skip
    return Launch(**(fields | changes))
