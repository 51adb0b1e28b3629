"""Process trees as /proc shows them: who descends from whom, who carries a cookie, and how to end them all.

Standard library only. A supervisor is a subreaper, so whatever its job starts stays below it, however often it
forks and changes its session; when the supervisor itself is gone, the cookie in the environment still tells.
"""

import ctypes
import logging
import os
import signal
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COOKIE: Final = "PROTEINX_ATTEMPT"
_PR_SET_DUMPABLE: Final = 4
_PR_SET_CHILD_SUBREAPER: Final = 36
_DEAD: Final = frozenset({"Z", "X", "x"})
log = logging.getLogger(__name__)


class Unkillable(Exception):
    """Processes that KILL did not end: stuck in the kernel, as a rule in a driver or a network file system."""

    def __init__(self, pids: Collection[int]) -> None:
        super().__init__(f"processes {sorted(pids)} do not end after KILL; the machine needs a look")
        self.pids = sorted(pids)


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    parent: int
    state: str
    ticks: int
    """Start time in clock ticks since boot: with the pid, an identity that is not reused."""


def boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def look(pid: int) -> Process | None:
    """None if there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return Process(pid, int(fields[1]), fields[0], int(fields[19]))


def alive(pid: int, ticks: int) -> bool:
    process = look(pid)
    return process is not None and process.ticks == ticks and process.state not in _DEAD


def everyone() -> list[Process]:
    found = (look(int(name)) for name in os.listdir("/proc") if name.isdigit())  # noqa: PTH208  hot path
    return [process for process in found if process is not None]


def descendants(root: int) -> set[int]:
    """Living processes below `root`, without itself."""
    processes = everyone()
    children: dict[int, list[Process]] = {}
    for process in processes:
        children.setdefault(process.parent, []).append(process)
    found: set[int] = set()
    front = [root]
    while front:
        for child in children.get(front.pop(), []):
            front.append(child.pid)
            if child.state not in _DEAD:
                found.add(child.pid)
    return found


def cookie_of(pid: int) -> str | None:
    """The attempt's cookie in a process's environment; None if it has none or may not be looked at."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    start = f"{COOKIE}=".encode()
    for entry in environment.split(b"\0"):
        if entry.startswith(start):
            return entry[len(start) :].decode(errors="replace")
    return None


def with_cookie(wanted: Callable[[str], bool]) -> set[int]:
    """Living processes whose cookie is wanted."""
    found = set()
    for process in everyone():
        if process.state in _DEAD:
            continue
        cookie = cookie_of(process.pid)
        if cookie is not None and wanted(cookie):
            found.add(process.pid)
    return found


def send(pids: Collection[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue  # ended meanwhile


def end_tree(
    find: Callable[[], set[int]],
    *,
    grace: float,
    kill_all: Callable[[], None] | None = None,
    reap: Callable[[], None] = lambda: None,
    patience: float = 60.0,
    cut_short: Callable[[], bool] = lambda: False,
) -> None:
    """TERM to all that `find` finds, after `grace` seconds KILL, until two passes in a row find nobody.

    `kill_all` is a kernel's way to kill at once (a cgroup), used beside the scan. Raises Unkillable.
    """
    if grace > 0:
        send(find(), signal.SIGTERM)
        deadline = time.monotonic() + grace
        while find() and time.monotonic() < deadline and not cut_short():
            reap()
            time.sleep(0.02)
    deadline = time.monotonic() + patience
    empty = 0
    while empty < 2:
        if kill_all is not None:
            kill_all()
        found = find()
        send(found, signal.SIGKILL)
        reap()
        empty = 0 if found else empty + 1
        if found and time.monotonic() > deadline:
            raise Unkillable(found)
        time.sleep(0.01)


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl({option}, {value})")


def hide() -> None:
    """No other process of this user may read this one's memory or environment (it is not dumpable)."""
    _prctl(_PR_SET_DUMPABLE, 0)


def show() -> None:
    """Takes `hide` back, in a fork that is a process of its own from here on."""
    _prctl(_PR_SET_DUMPABLE, 1)


def adopt_orphans() -> None:
    """Descendants whose parent ends become children of this process (it is a subreaper)."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
