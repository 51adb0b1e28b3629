"""Metrics and tags on their way to the master: an append-only file, and how much of it has arrived.

It is written through to the kernel with every append, which keeps it through the death of any process, and synced to
disk once in a while: after a power cut the attempt is lost anyway and starts again from a checkpoint, whose metrics
had reached the master before it was committed.
"""

import errno
import json
import logging
import os
import threading
import time
from pathlib import Path
from typing import Final

from worker.entries import Entry

_SHRINK_BYTES: Final = 32 * 1024 * 1024
_READ_BYTES: Final = 512 * 1024
_SYNC_SECONDS: Final = 1.0
log = logging.getLogger(__name__)


class Spool:
    """Safe for use from several threads."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._marker = os.open(path.with_suffix(".sent"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._changed = threading.Condition()
        self._synced = time.monotonic()
        self._size = self._drop_torn_line()
        self._sent = min(int(os.pread(self._marker, 20, 0) or b"0"), self._size)

    def append(self, entry: Entry) -> None:
        """Whole or not at all. Raises OSError where the disk is full."""
        line = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
        with self._changed:
            written = os.write(self._file, line)
            if written < len(line):
                os.ftruncate(self._file, self._size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._size += written
            self._sync_now_and_then()
            self._changed.notify_all()

    def read(self) -> tuple[list[Entry], int]:
        """The next entries that have not arrived, and where to `confirm` them."""
        with self._changed:
            length = self._size - self._sent
            data = os.pread(self._file, min(length, _READ_BYTES), self._sent)
            while data and b"\n" not in data:  # one entry longer than a whole read
                data = os.pread(self._file, min(length, 2 * len(data)), self._sent)
            data = data[: data.rfind(b"\n") + 1]
            return [json.loads(line) for line in data.splitlines()], self._sent + len(data)

    def confirm(self, offset: int) -> None:
        with self._changed:
            self._sent = offset
            if self._sent == self._size and self._size > _SHRINK_BYTES:
                os.ftruncate(self._file, 0)
                self._size = self._sent = 0
            try:
                os.pwrite(self._marker, b"%020d" % self._sent, 0)
            except OSError as error:  # a full disk: a successor would send it again, which changes nothing
                log.warning("what has arrived is not written down: %s", error, extra={"action": "marker_unwritten"})
            self._changed.notify_all()

    def wait_for_work(self, timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._sent < self._size, timeout)

    def wait_until_sent(self, timeout: float | None) -> bool:
        """Waits for what is in it now; what is appended meanwhile is not waited for."""
        with self._changed:
            goal = self._size
            return self._changed.wait_for(lambda: self._sent >= goal or self._size < goal, timeout)

    def _drop_torn_line(self) -> int:
        size = os.fstat(self._file).st_size
        start = max(0, size - 16 * 1024 * 1024)
        end = start + os.pread(self._file, size - start, start).rfind(b"\n") + 1
        if end != size:
            os.ftruncate(self._file, end)
        return end

    def _sync_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._synced >= _SYNC_SECONDS:
            os.fdatasync(self._file)
            self._synced = now
