"""The master, that dies by SIGKILL at a statement of its scheduler: `python -m tests.chaos.mortal_master PORT FILE`.

Once FILE holds a number n, it dies at the n-th thing that the scheduler's threads do with the database from then on:
before a statement, before a commit, or right after one. So it dies between any two writes, and between a commit and
the doorbells that belong to it.
"""

import os
import signal
import sys
import threading
from pathlib import Path

import uvicorn
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool


class Fate:
    def __init__(self, order: Path) -> None:
        self._order = order
        self._left: int | None = None
        self._lock = threading.Lock()

    def step(self, *_: object) -> None:
        if not threading.current_thread().name.startswith("scheduler-"):
            return
        with self._lock:
            if self._left is None and self._order.exists():
                self._left = int(self._order.read_text())
            if self._left is None:
                return
            self._left -= 1
            if self._left <= 0:
                self._order.unlink(missing_ok=True)
                os.kill(os.getpid(), signal.SIGKILL)


def main(port: str, order: str) -> None:
    fate = Fate(Path(order))
    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, fate.step)
    event.listen(Pool, "checkin", fate.step)
    uvicorn.run("app.main:app", app_dir="platform", port=int(port), access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
