"""Sends a job's output to the master by byte offset, as it is written, and forgets nothing until it is acknowledged."""

import logging
import os
import threading

from proteinx.client.agent import AttemptClient
from proteinx.client.errors import ApiError
from proteinx.contracts.protocol import LOG_CHUNK_LIMIT
from worker.insist import Fenced, Insistence
from worker.layout import AttemptDir

log = logging.getLogger(__name__)


class LogShipper(threading.Thread):
    def __init__(
        self, attempt: AttemptDir, client: AttemptClient, insist: Insistence, *, interval: float, resumed: bool
    ) -> None:
        super().__init__(name="logs", daemon=True)
        self._file = os.open(attempt.log, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._client = client
        self._insist = insist
        self._interval = interval
        self._resumed = resumed
        self._final = threading.Event()
        self.problem: ApiError | None = None

    def drain(self) -> None:
        """Returns when the master has all that was written. Nothing may be written any more."""
        self._final.set()
        self.join()

    def finish(self, patience: float) -> bool:
        """As `drain`, but for a limited time; whether all was sent."""
        self._final.set()
        self.join(patience)
        return not self.is_alive()

    def run(self) -> None:
        try:
            offset = self._ask() if self._resumed else 0
            while (after := self._send(offset)) is not None:
                offset = after
        except Fenced:
            return
        except ApiError as error:
            log.warning("the log can't be sent: %s", error, extra={"action": "log_refused"})
            self.problem = error
        finally:
            os.close(self._file)

    def _send(self, offset: int) -> int | None:
        """The next offset; None when all is sent and nothing more comes."""
        final = self._final.is_set()  # asked before reading: what is written by then is read below
        chunk = os.pread(self._file, LOG_CHUNK_LIMIT, offset)
        if chunk:
            return self._append(offset, chunk)
        if final:
            return None
        self._final.wait(self._interval)
        return offset

    def _append(self, offset: int, chunk: bytes) -> int:
        try:
            return self._insist(lambda: self._client.append_log(offset, chunk), "log")
        except ApiError as error:
            if error.status != 409:
                raise
            return self._ask()  # the master has less than we thought: go back to what it has

    def _ask(self) -> int:
        return self._insist(self._client.log_size, "log size")
