"""When the master last answered this node's heartbeat, written down for supervisors: the agent may die before them."""

import os
import time
from pathlib import Path


class Heard:
    """By the machine's monotonic clock, so it is good until the next boot. Written in place: a full disk keeps it."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def note(self, sent_at: float) -> None:
        """`sent_at`: when the beat was sent, so never later than the master's own count."""
        os.pwrite(self._file, b"%032.6f" % sent_at, 0)

    def last(self) -> float | None:
        """None where there was none since the machine was started."""
        text = os.pread(self._file, 32, 0)
        at = float(text) if text else None
        return at if at is not None and at <= time.monotonic() else None

    def close(self) -> None:
        os.close(self._file)
