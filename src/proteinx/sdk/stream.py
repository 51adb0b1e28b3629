"""Brings a job's log and moves to the screen, at once or in a thread beside the notebook."""

import sys
import threading
import time
from collections.abc import Callable
from typing import Final

from proteinx.client import Client
from proteinx.client.explaining import sentence
from proteinx.client.following import narrate
from proteinx.contracts.jobs import JobView
from proteinx.sdk.notebook import in_notebook, show_in_place

_REDRAW: Final = 2.0
"""Seconds between two drawings of the card while only log lines come."""

Draw = Callable[[JobView, dict[str, float]], None]


def show(master: Client, job_id: str, *, draw: Draw | None = None) -> None:
    """Prints until the job has ended or is held. Raises ApiError, KeyboardInterrupt (the job goes on)."""
    card = _Card(master, job_id, draw)

    def write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
        card.redraw_if_due()

    def tell(line: str) -> None:
        print(f"-- {line}", flush=True)
        card.redraw()

    narrate(master.follow(job_id), write, tell)
    card.redraw()


class Stream(threading.Thread):
    """`show` in one thread. What goes wrong in it is printed and kept in `problem`; the job itself is not touched."""

    def __init__(self, master: Client, job_id: str, *, draw: Draw | None = None, daemon: bool = True) -> None:
        super().__init__(name=f"proteinx-{job_id[:8]}", daemon=daemon)
        self._master = master
        self._job_id = job_id
        self._draw = draw
        self.problem: BaseException | None = None

    def run(self) -> None:
        try:
            show(self._master, self._job_id, draw=self._draw)
        except BaseException as error:
            self.problem = error
            why = sentence(error) or repr(error)
            print(
                f"-- the log stops here: {why} The job goes on; `px logs -f {self._job_id[:12]}` shows it.", flush=True
            )

    def finish(self) -> None:
        """Until it has ended; Ctrl-C gets through at once."""
        while self.is_alive():
            self.join(0.2)


class _Card:
    """In a notebook: the job's state, time and newest metrics, drawn in place above its log."""

    def __init__(self, master: Client, job_id: str, draw: Draw | None) -> None:
        self._master = master
        self._job_id = job_id
        self._draw = draw or _notebook_card()
        self._due = 0.0

    def redraw_if_due(self) -> None:
        if time.monotonic() >= self._due:
            self.redraw()

    def redraw(self) -> None:
        self._due = time.monotonic() + _REDRAW
        if self._draw is not None:
            self._draw(self._master.jobs.get(self._job_id), self._master.runs.latest_metrics(self._job_id))


def _notebook_card() -> Draw | None:
    if not in_notebook():
        return None
    from proteinx.sdk.card import job_card

    place = show_in_place()
    return lambda job, metrics: place(job_card(job, metrics))
