"""Processes of jobs that nobody owns any more."""

import logging
import signal
from collections.abc import Collection
from pathlib import Path

from worker import processes

log = logging.getLogger(__name__)


def end_strays(attempts: Path, owned: Collection[str]) -> None:
    """Ends every process that bears the cookie of an attempt below this folder which is not among those `owned`."""
    prefix = f"{attempts}/"
    strays = [
        pid
        for pid in processes.with_cookie(lambda cookie: cookie.rpartition(".")[0] not in owned)
        if _home_of(pid).startswith(prefix)
    ]
    processes.send(strays, signal.SIGKILL)
    if strays:
        log.warning("ended processes without an owner: %s", strays, extra={"action": "strays_ended"})


def _home_of(pid: int) -> str:
    """HOME in a process's environment: which state folder its job belonged to."""
    try:
        entries = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    return next((entry[5:].decode(errors="replace") for entry in entries if entry.startswith(b"HOME=")), "")
