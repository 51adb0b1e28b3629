"""One attempt on a GPU at a time, by a lock file per GPU that the kernel drops when its holder ends.

The master's allocation is what counts; this catches a second worker on the same machine, and a predecessor that is
not quite gone. Standard library only.
"""

import fcntl
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

WAIT_SECONDS: Final = 20.0


def folder() -> Path:
    """The same for every worker of the machine."""
    shared = Path("/run/lock")
    return shared if os.access(shared, os.W_OK) else Path("/tmp")  # noqa: S108  lock files hold nothing


def take(uuids: Sequence[str], *, shared: bool, wait: float = WAIT_SECONDS) -> str | None:
    """Holds the GPUs' locks until this process ends. Returns what is wrong if one stays taken."""
    deadline = time.monotonic() + wait
    mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    for uuid in sorted(uuids):
        descriptor = os.open(
            folder() / f"proteinx-gpu-{uuid}.lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644
        )
        while True:
            try:
                fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    return f"GPU {uuid} is still held by another attempt on this machine"
                time.sleep(0.05)
    return None
