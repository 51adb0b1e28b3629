"""Fans messages out to whoever listens. Nothing here is kept: the database and the log files are the truth."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

QUEUE_LIMIT = 1000


class Subscription:
    """A bounded queue of topics that changed; a listener that falls behind is told so and reads anew."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_LIMIT)
        self._waiting: set[str] = set()

    def notify(self, topic: str) -> None:
        """Any thread may call it. A topic that is already waiting to be read is not queued twice."""
        self._loop.call_soon_threadsafe(self._put, topic)

    def _put(self, topic: str) -> None:
        if topic not in self._waiting and not self._queue.full():
            self._waiting.add(topic)
            self._queue.put_nowait(topic)

    async def next(self) -> str:
        topic = await self._queue.get()
        self._waiting.discard(topic)
        return topic


class Hub:
    """`publish` says that a topic has news; the listener fetches the news itself, from where it left off."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, set[Subscription]] = defaultdict(set)

    def publish(self, topic: str) -> None:
        with self._lock:
            listeners = list(self._listeners.get(topic, ()))
        for listener in listeners:
            listener.notify(topic)

    @contextmanager
    def listening(self) -> Iterator[Subscription]:
        subscription = Subscription(asyncio.get_running_loop())
        try:
            yield subscription
        finally:
            with self._lock:
                for listeners in self._listeners.values():
                    listeners.discard(subscription)

    def add(self, subscription: Subscription, topic: str) -> None:
        with self._lock:
            self._listeners[topic].add(subscription)

    def remove(self, subscription: Subscription, topic: str) -> None:
        with self._lock:
            self._listeners[topic].discard(subscription)
