"""Metrics that a job writes into a file of its own: no call, no wait, and nothing is lost when its process dies.

Each line is what the body of MLflow's `log-batch` would be, without the run. The file is read again from its start by
the supervisor that follows a dead one: a point that is sent twice is one point, since MLflow keeps equal ones once.
"""

import json
import logging
import os
import stat
import threading
from pathlib import Path
from typing import Final

from worker.entries import as_entry
from worker.spool import Spool

LONGEST_LINE: Final = 1024 * 1024
log = logging.getLogger(__name__)


class MetricsFile:
    """Safe for use from several threads."""

    def __init__(self, path: Path, spool: Spool) -> None:
        self._path = path
        self._spool = spool
        self._offset = 0
        self._lock = threading.Lock()

    def take(self) -> None:
        """Puts into the spool what is written by now. A line that is no batch of metrics is left out and told."""
        with self._lock:
            while data := self._read():
                end = data.rfind(b"\n") + 1
                if not end and len(data) < LONGEST_LINE:
                    return  # a line that is still being written
                for line in data[:end].splitlines():
                    self._put(line)
                if not end:
                    log.warning("a line of over %s bytes", LONGEST_LINE, extra={"action": "bad_metrics_line"})
                self._offset += end or len(data)

    def _read(self) -> bytes:
        try:  # a job could put a link here, to a file that it can't read itself
            file = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return b""
        try:
            return os.pread(file, LONGEST_LINE, self._offset) if stat.S_ISREG(os.fstat(file).st_mode) else b""
        finally:
            os.close(file)

    def _put(self, line: bytes) -> None:
        try:
            entry = as_entry(json.loads(line))
        except ValueError:
            entry = None
        if entry is None:
            log.warning("no metrics: %.200r", line, extra={"action": "bad_metrics_line"})
            return
        self._spool.append(entry)
