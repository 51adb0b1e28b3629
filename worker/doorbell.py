"""Hears the broker: keeps the Celery consumer running as a child process, and reads the bells that it hands on."""

import json
import logging
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from proteinx.client.retry import Retry
from proteinx.contracts.queues import Doorbell
from worker.settings import REPOSITORY

_SILENT_ROUNDS: Final = 3
_FIRST_BELL_SECONDS: Final = 30.0
_BELL_BYTES: Final = 4096
_PREFIX: Final = "proteinx-"
log = logging.getLogger(__name__)


class Doorbells:
    def __init__(
        self,
        redis_url: str,
        node_id: str,
        *,
        canary_seconds: float,
        backoff: Retry,
        heard: Callable[[Doorbell], None],
        master_answers: Callable[[], bool],
        diary: Path,
    ) -> None:
        self._redis_url = redis_url
        self._node_id = node_id
        self._canary_seconds = canary_seconds
        self._backoff = backoff
        self._heard = heard
        self._master_answers = master_answers
        self._diary = diary
        self._note = diary.with_name("doorbell")
        self._folder = _fresh_folder(self._note)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self._folder / "bell"))
        self._socket.settimeout(0.5)
        self._stopped = threading.Event()
        self._last_bell = 0.0
        self.restarts = 0

    def stop(self) -> None:
        self._stopped.set()

    def listen(self) -> None:
        """Reads bells until it is stopped."""
        try:
            while not self._stopped.is_set():
                try:
                    bell = Doorbell.model_validate_json(self._socket.recv(_BELL_BYTES))
                except TimeoutError:
                    continue
                except ValueError:
                    log.warning("a bell that is none is ignored", extra={"action": "bad_doorbell"})
                    continue
                self._last_bell = time.monotonic()  # any bell shows that the broker is heard
                if bell.kind != "canary":
                    self._heard(bell)
        finally:
            self._socket.close()
            shutil.rmtree(self._folder)
            self._note.unlink()

    def keep_consumer(self) -> None:
        """Starts the consumer anew when it dies or goes deaf, until stopped."""
        delays = self._backoff.delays()
        while not self._stopped.is_set():
            process = self._start()
            started = time.monotonic()
            self._watch(process)
            _end(process)
            if self._stopped.is_set():
                return
            self.restarts += 1
            if time.monotonic() - started > 10 * self._backoff.cap:
                delays = self._backoff.delays()
            delay = next(delays)
            log.warning("the consumer is started again in %.1f s", delay, extra={"action": "consumer_restart"})
            self._stopped.wait(delay)

    def _start(self) -> "subprocess.Popen[bytes]":
        orders = {
            "redis_url": self._redis_url,
            "node_id": self._node_id,
            "socket": str(self._folder / "bell"),
            "canary_seconds": self._canary_seconds,
        }
        with self._diary.open("ab") as diary:
            process = subprocess.Popen(
                [sys.executable, "-m", "worker.celery_app"],
                cwd=REPOSITORY,
                stdin=subprocess.PIPE,
                stdout=diary,
                stderr=diary,
                start_new_session=True,
            )
        assert process.stdin is not None  # noqa: S101  asked for above
        process.stdin.write(json.dumps(orders).encode() + b"\n")
        process.stdin.flush()
        return process

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        """Returns when the consumer is dead, deaf, or not wanted any more."""
        started = time.monotonic()
        while not self._stopped.wait(0.25):
            if process.poll() is not None:
                log.warning("the consumer ended with %s", process.returncode, extra={"action": "consumer_died"})
                return
            silence = time.monotonic() - max(self._last_bell, started)
            patience = _SILENT_ROUNDS * self._canary_seconds
            if self._last_bell < started:
                patience = max(patience, _FIRST_BELL_SECONDS)  # it has to start, and to reach the broker
            if silence > patience and self._master_answers():
                log.warning("the consumer hears nothing for %.0f s", silence, extra={"action": "consumer_deaf"})
                return


def _fresh_folder(note: Path) -> Path:
    """Below the system's temporary folder, since a socket's path has 107 bytes at most. `note` remembers it, so that
    what an agent that was killed left there goes now."""
    if note.exists():
        left = Path(note.read_text())
        if left.name.startswith(_PREFIX):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    note.write_text(str(folder))
    return folder


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()  # it holds nothing: bells come again with the heartbeat
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
