"""Notices that this process stood still (stopped, suspended, starved): silence of others meanwhile proves nothing."""

import logging
import threading
import time
from datetime import datetime
from typing import Final

from app.clock import now, stepped_by
from app.master import Master

_STEP_SECONDS: Final = 2.0
log = logging.getLogger(__name__)


class Pulse:
    """Beats once a second. After a gap the master counts as ready to hear anybody from now on only."""

    def __init__(self, master: Master, beat: float = 1.0, gap: float = 4.0) -> None:
        self._master = master
        self._beat = beat
        self._gap = gap
        self._lock = threading.Lock()
        self._last = time.monotonic()
        self._step = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler-pulse", daemon=True)

    def start(self) -> None:
        self._last = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def fair_now(self) -> datetime:
        """The time by which others may be judged, taken so that no pause around it counts against them.

        Of a pause before this call `ready_at` knows when it returns; a later one does not move the returned time.
        """
        at = now()
        self._observe()
        return at

    def _run(self) -> None:
        while not self._stop.wait(self._beat):
            self._observe(beat=True)
            self._notice_a_step()

    def _notice_a_step(self) -> None:
        step = stepped_by()
        if abs(step - self._step) > _STEP_SECONDS:
            self._step = step
            log.warning("the machine's clock is %+.0f s off this master's, which goes on as it was; restart it", step)

    def _observe(self, *, beat: bool = False) -> None:
        with self._lock:
            stood = time.monotonic() - self._last
            if stood > self._gap:
                self._master.ready_at = now()
                log.warning("this master stood still for %.0f s; nobody's silence in it counts", stood)
            if beat or stood > self._gap:
                self._last = time.monotonic()
