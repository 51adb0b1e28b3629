"""Tells calls that wait for something that the master is being stopped.

uvicorn lets open calls finish before it ends the lifespan: one that waits for half a minute would hold it up as long.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType


def on_stop(tell: Callable[[], None]) -> None:
    """`tell` is called in the main thread when a signal ends this process; what the signal did before, it does still.

    Does nothing in another thread, where tests run the application and no signal ends it.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        _add(number, tell)


def _add(number: signal.Signals, tell: Callable[[], None]) -> None:
    before = signal.getsignal(number)

    def handle(received: int, frame: FrameType | None) -> None:
        tell()
        if callable(before):
            before(received, frame)

    signal.signal(number, handle)
