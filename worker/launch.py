"""Starts a job's first process: own session, cookie, cgroup, output to a file, private files out of reach.

Standard library only, so that a supervisor starts the job a few milliseconds after itself.
"""

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn, Protocol

from worker import landlock
from worker.cgroups import Cgroup

NOT_STARTED: Final = 126
"""Exit code of a job whose process could not be set up."""
SERVING: Final = "/serving"
"""Where a job that serves a model is asked, below its relay."""


@dataclass(slots=True)
class Launch:
    """What the agent prepared; written for the supervisor as `launch.json`."""

    command: str
    """For `bash -c`."""
    folder: str
    environment: dict[str, str]
    cookie: str
    gpu_uuids: list[str]
    gpu_share: bool
    memory: int
    time_limit: float | None
    grace: float
    confine: bool
    special: dict[str, str] = field(default_factory=dict)
    """Path -> `none`, `read` or `full`: what the job may do there, where that is not everything."""
    arguments: list[str] = field(default_factory=list)
    """What is executed where it is not `bash -c` with the command: a container, for one."""
    cleanup: list[str] = field(default_factory=list)
    """A command that ends what is no child of the job, such as its container; harmless if nothing is left."""
    label: str = "own"
    """Of the environment, as people see it."""
    packages: dict[str, str] = field(default_factory=dict)
    """Versions of what is installed in it, as far as anybody can tell; Python's too."""
    holds: list[str] = field(default_factory=list)
    """Names in the cache that the job needs beside its code and inputs."""
    libraries: bool = False
    """Whether its script imports more than the standard library."""
    warm: bool = False
    """May be a fork of the launcher: its environment is the worker's own, and nobody asked for a fresh interpreter."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Fork(Protocol):
    """A way to become the job without `exec`; see `worker.warm`."""

    def run(self, environment: Mapping[str, str]) -> NoReturn: ...


def start(launch: Launch, extra: Mapping[str, str], log: Path, cgroup: Cgroup | None, fork: Fork | None = None) -> int:
    """The pid of the job's first process. The calling process must have one thread only.

    Raises OSError where the kernel refuses Landlock although it has it.
    """
    confinement = _confinement(launch)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    pid = os.fork()
    if pid == 0:
        _become_job(launch, {**launch.environment, **extra}, output, confinement, cgroup, fork)
    os.close(output)
    if confinement is not None:
        os.close(confinement)
    return pid


def _confinement(launch: Launch) -> int | None:
    if not launch.confine:
        return None
    return landlock.ruleset({Path(path): landlock.Access(access) for path, access in launch.special.items()})


def _become_job(  # noqa: PLR0917  one caller
    launch: Launch,
    environment: Mapping[str, str],
    output: int,
    confinement: int | None,
    cgroup: Cgroup | None,
    fork: Fork | None,
) -> None:
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGCHLD, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if cgroup is not None:
            cgroup.enter()
        os.chdir(launch.folder)
        if confinement is not None:
            landlock.restrict(confinement)
        if fork is not None:
            fork.run(environment)
        arguments = launch.arguments or ["bash", "-c", launch.command]
        os.execvpe(arguments[0], arguments, dict(environment))  # noqa: S606  the command is MLproject's
    except BaseException as error:
        os.write(2, f"proteinx: the job could not be started: {error}\n".encode())
    finally:
        sys.stderr.flush()
        os._exit(NOT_STARTED)
