"""Makes an environment in the cache: once, under a lock, with its output in the job's log."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from proteinx.contracts.faults import match
from proteinx.contracts.states import Fault
from worker.environments.base import BuildFailed, Site
from worker.insist import Insistence
from worker.landlock import Access
from worker.layout import AttemptDir
from worker.logs import LogShipper
from worker.outcome import tail
from worker.settings import REPOSITORY

_LIMIT_SECONDS: Final = 3600.0
_LOOK_SECONDS: Final = 0.05
_PATIENCE: Final = 2.0
_PASSED: Final = re.compile(r"PIP_|UV_|CONDA_|MAMBA_|DOCKER_|[A-Za-z]+_PROXY$|[a-z]+_proxy$")
"""What tells package managers where to fetch from."""
_NAMES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
_AWAY: Final = re.compile(
    r"name resolution|dns error|failed to lookup|connection (refused|reset|timed out)|network is unreachable|"
    r"timed? ?out|error sending request|\b50[234]\b|no space left",
    re.IGNORECASE,
)
"""Not what was asked for is at fault, but the way to it: worth another try, elsewhere or later."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """For the building process, which is kept from credentials as a job is: packages run code while they are built."""

    commands: list[list[str]]
    folder: str
    special: dict[str, str]
    confine: bool


def build(site: Site, key: str, label: str, commands: Callable[[Path], list[list[str]]]) -> Path:
    """The environment's folder. Raises BuildFailed, CannotHave, Stopped, OSError."""

    def make(folder: Path, lock: int) -> None:
        folder.mkdir(mode=0o700)  # else it can't be opened up to the building process
        special = {**site.private, str(folder): Access.FULL.value}
        plan = Plan(commands(folder), str(site.project), special, site.confine)
        log.info("%s: making %s", site.attempt.key, label, extra={"action": "environment_build"})
        _say(site.attempt, f"making {label}")
        began = time.monotonic()
        run(site, plan, label, lock)
        _say(site.attempt, f"{label} is ready after {time.monotonic() - began:.1f} s")

    return site.cache.environment(key, make, site.client.transport.wait)


def run(site: Site, plan: Plan, label: str, lock: int | None = None) -> None:
    """The commands one after the other. Raises BuildFailed with the last thing said, Stopped."""
    with _Shipped(site), site.attempt.log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.environments.build"],
            cwd=REPOSITORY,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=[] if lock is None else [lock],  # held for as long as anything is built, whatever becomes of us
        )
        try:
            assert process.stdin is not None  # noqa: S101  asked for above
            process.stdin.write(json.dumps(asdict(plan)).encode())
            process.stdin.close()
            deadline = time.monotonic() + _LIMIT_SECONDS
            while process.poll() is None:
                if time.monotonic() > deadline:
                    raise BuildFailed(Fault.USER, f"{label} was not made within {_LIMIT_SECONDS / 60:g} minutes")
                site.client.transport.wait(_LOOK_SECONDS)
        finally:
            _end(process)
    if process.returncode != 0:
        raise _failure(site, label, process.returncode)


def _failure(site: Site, label: str, code: int) -> BuildFailed:
    lines = [line for line in tail(site.attempt.log) if line.strip()]
    told = lines[-1] if lines else f"exit code {code}"
    text = "\n".join(lines)
    rule = match(site.rules, text, gang=False)
    if rule is not None:
        return BuildFailed(rule.fault, f"{label} could not be made: {rule.reason} ({told})")
    fault = Fault.INFRA if _AWAY.search(text) else Fault.USER
    return BuildFailed(fault, f"{label} could not be made: {told}")


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name in _NAMES or _PASSED.match(name)}
    return own | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "src")]), "NO_COLOR": "1"}


def _say(attempt: AttemptDir, text: str) -> None:
    with attempt.log.open("ab") as output:
        output.write(f"proteinx: {text}\n".encode())


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class _Shipped:
    """The job's log is sent while something is built; its supervisor goes on with it from the start, which is free."""

    def __init__(self, site: Site) -> None:
        retry = site.client.transport.retry
        self._insist = Insistence(retry.base, retry.cap)
        self._shipper = LogShipper(site.attempt, site.client, self._insist, interval=0.2, resumed=False)

    def __enter__(self) -> None:
        self._shipper.start()

    def __exit__(self, *_: object) -> None:
        if not self._shipper.finish(_PATIENCE):
            self._insist.fence()  # the master is away: the supervisor sends it all again
