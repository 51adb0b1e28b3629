"""This machine: Python, packages, GPUs, isolation of jobs, disk, the system that runs here."""

import importlib.metadata
import importlib.util
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from proteinx.cli.checks import Finding, Level
from proteinx.cli.output import size

_GIB: Final = 1024**3
_LITTLE_DISK: Final = 10 * _GIB
_TOO_LITTLE_DISK: Final = 1 * _GIB
_PACKAGES: Final = ("proteinx", "mlflow", "celery", "sqlalchemy", "torch", "pytorch-lightning", "hydra-core")


def python() -> Iterator[Finding]:
    level = Level.OK if sys.version_info >= (3, 11) else Level.FAIL
    yield Finding("python", level, f"{platform.python_version()} at {sys.executable} on {platform.platform()}")
    if sys.platform not in ("linux", "darwin"):
        yield Finding("system", Level.WARN, "workers need Linux (or WSL2); a master and this command work here")


def packages() -> Iterator[Finding]:
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue  # a master has no torch, a client none of them
    yield Finding("packages", Level.OK, ", ".join(found))
    root = importlib.util.find_spec("mlflow")
    if root is not None and root.origin is None:
        yield Finding("mlflow", Level.FAIL, "import mlflow finds an empty folder: install the requirement files")


def gpus() -> Iterator[Finding]:
    if importlib.util.find_spec("pynvml") is None:
        yield Finding("gpus", Level.OK, "not looked for: nvidia-ml-py is not installed (workers have it)")
        return
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        has_device = Path("/dev/nvidia0").exists()
        text = f"NVIDIA driver: {error}"
        if has_device:
            yield Finding("gpus", Level.FAIL, f"{text}, although there is a GPU: install or restart the driver")
        else:
            yield Finding("gpus", Level.OK, f"none ({text}); jobs run on the CPU")
        return
    handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(pynvml.nvmlDeviceGetCount())]
    names = [str(pynvml.nvmlDeviceGetName(handle)) for handle in handles]
    pynvml.nvmlShutdown()
    yield Finding("gpus", Level.OK, ", ".join(names) or "none")


def isolation() -> Iterator[Finding]:
    """Landlock keeps jobs from the agent's credentials; the kernel's list of security modules names it."""
    modules = Path("/sys/kernel/security/lsm")
    try:
        active = modules.read_text().split(",")
    except OSError:
        release = re.match(r"(\d+)\.(\d+)", platform.release())
        new_enough = release is not None and (int(release[1]), int(release[2])) >= (5, 13)
        level = Level.OK if new_enough else Level.WARN
        yield Finding("isolation", level, f"kernel {platform.release()}; `px nodes --json` shows what the agent found")
        return
    if "landlock" in active:
        yield Finding("isolation", Level.OK, "Landlock keeps jobs from other credentials than their own")
    else:
        text = "no Landlock in this kernel: run the worker under an account of its own (docs/security.md)"
        yield Finding("isolation", Level.WARN, text)


def disk(home: Path) -> Iterator[Finding]:
    present = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(present).free
    if free < _TOO_LITTLE_DISK:
        yield Finding("disk", Level.FAIL, f"{size(free)} free at {home}: uploads and checkpoints will be refused")
    elif free < _LITTLE_DISK:
        yield Finding("disk", Level.WARN, f"{size(free)} free at {home}: make room soon")
    else:
        yield Finding("disk", Level.OK, f"{size(free)} free at {home}")


def local_system(root: Path, home: Path) -> Iterator[Finding]:
    from proteinx.cli.agent import Agent
    from proteinx.cli.exits import CommandError
    from proteinx.cli.master import Address, Master, health, require_free

    record = Master(root, home).running()
    if record is None:
        try:
            require_free(Address())
            yield Finding("local master", Level.OK, "does not run; port 8000 is free for `px up`")
        except CommandError as error:
            yield Finding("local master", Level.WARN, f"does not run; {error}")
    else:
        answer = health(record.facts["url"])
        level = Level.OK if answer is not None else Level.FAIL
        text = f"runs at {record.facts['url']}" if answer else f"does not answer; see {record.log}"
        yield Finding("local master", level, text)
    worker = Agent(root, home).running()
    if worker is not None:
        yield Finding("local worker", Level.OK, f"runs for {worker.facts['url']}")
