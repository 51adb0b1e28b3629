"""What this machine is, and how busy it is now."""

import os
import platform
import shutil
import socket
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Final

import psutil

import proteinx
from proteinx.contracts.nodes import NodeInfo, NodeSample
from worker import landlock, processes
from worker.environments.offers import offers
from worker.gpus import Gpus

FINGERPRINT: Final = ("torch", "pytorch-lightning", "numpy", "scikit-learn", "transformers", "mlflow", "biopython")
"""Packages whose version can change a result."""


def describe(gpus: Gpus, labels: Mapping[str, str], *, isolation: bool) -> NodeInfo:
    return NodeInfo(
        hostname=socket.gethostname(),
        boot_id=processes.boot_id(),
        agent_version=proteinx.__version__,
        platform=platform.platform(),
        python=platform.python_version(),
        cpus=len(os.sched_getaffinity(0)),
        memory_bytes=psutil.virtual_memory().total,
        gpus=gpus.info(),
        labels=dict(labels),
        isolation="landlock" if isolation and landlock.abi() else "none",
        packages=packages(gpus),
        environments=offers(),
    )


def packages(gpus: Gpus) -> dict[str, str]:
    """Without importing any of them."""
    found = {"python": platform.python_version()}
    for name in FINGERPRINT:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    driver = gpus.driver()
    if driver is not None:
        found["nvidia-driver"] = driver
    for gpu in gpus.info():
        found[f"gpu{gpu.index}"] = gpu.name
    return found


def sample(gpus: Gpus, disk: Path, is_ours: Callable[[int], bool]) -> NodeSample:
    """CPU use is since the last sample."""
    memory = psutil.virtual_memory()
    usage = shutil.disk_usage(disk)
    return NodeSample(
        cpu_percent=psutil.cpu_percent(None),
        memory_used_bytes=memory.total - memory.available,
        disk_free_bytes=usage.free,
        disk_total_bytes=usage.total,
        gpus=gpus.sample(is_ours),
    )
