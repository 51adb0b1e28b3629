"""One WebSocket: what a page subscribes to, sent as it happens."""

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from anyio import CancelScope, create_task_group, move_on_after, sleep, to_thread
from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError

from app.errors import AppError
from app.live import announce
from app.live.hub import Subscription
from app.live.watchers import Watcher, watcher
from app.master import Master
from proteinx.contracts.live import LiveError, PingMessage, Subscribe

POLICY_VIOLATION = 1008
MAX_SUBSCRIPTIONS = 500

Part = Callable[[Subscription], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds."""

    ping: float = 20.0
    recheck: float = 60.0
    """Between two looks at whether the person may still be here."""
    sweep: float = 2.0
    """Every subscription is looked at this often even if nobody announced news: another process may have written."""
    nodes: float = 1.0
    """The least time between two rounds of news of nodes: their heartbeats come often."""


class Connection:
    def __init__(
        self,
        websocket: WebSocket,
        master: Master,
        still_allowed: Callable[[], Awaitable[bool]],
        timing: Timing,
    ) -> None:
        self._websocket, self._master = websocket, master
        self._still_allowed, self._timing = still_allowed, timing
        self._watchers: dict[str, Watcher] = {}
        self._by_hub_topic: dict[str, set[str]] = defaultdict(set)
        self._nodes_at = 0.0
        self._shown_out = False

    async def run(self) -> None:
        """Until the browser leaves or its person may no longer look."""
        with self._master.hub.listening() as subscription:
            async with create_task_group() as parts:
                for part in (self._read, self._tell, self._ping, self._recheck):
                    parts.start_soon(self._until_it_ends, part, subscription, parts.cancel_scope)
        if self._shown_out:
            await self._send(LiveError(error="unauthorized", detail="Your sign-in has ended; sign in again."))
            await self._websocket.close(POLICY_VIOLATION)

    @staticmethod
    async def _until_it_ends(part: Part, subscription: Subscription, scope: CancelScope) -> None:
        """When one part ends, all do; that the browser left is no error."""
        with suppress(WebSocketDisconnect):
            await part(subscription)
        scope.cancel()

    async def _read(self, subscription: Subscription) -> None:
        while True:
            text = await self._websocket.receive_text()
            try:
                request = Subscribe.model_validate_json(text)
            except ValidationError as error:
                told = str(error.errors()[0]["msg"])
                await self._send(LiveError(error="invalid_request", detail=told))
                continue
            if request.op == "unsubscribe":
                self._drop(subscription, request.topic)
            else:
                await self._add(subscription, request)

    async def _add(self, subscription: Subscription, request: Subscribe) -> None:
        if len(self._watchers) >= MAX_SUBSCRIPTIONS and request.topic not in self._watchers:
            told = f"A connection has at most {MAX_SUBSCRIPTIONS} subscriptions; unsubscribe from some."
            await self._send(LiveError(error="too_many_subscriptions", detail=told, topic=request.topic))
            return
        try:
            made = await to_thread.run_sync(watcher, self._master, request.topic, request.attempt, request.offset)
        except AppError as error:
            await self._refuse(request.topic, error)
            return
        self._drop(subscription, request.topic)
        self._watchers[request.topic] = made
        for topic in made.topics:
            self._by_hub_topic[topic].add(request.topic)
            self._master.hub.add(subscription, topic)
        subscription.notify(made.topics[0])  # what is there already comes first

    def _drop(self, subscription: Subscription, topic: str) -> None:
        gone = self._watchers.pop(topic, None)
        for hub_topic in gone.topics if gone else ():
            self._by_hub_topic[hub_topic].discard(topic)
            if not self._by_hub_topic[hub_topic]:
                self._master.hub.remove(subscription, hub_topic)

    async def _refuse(self, topic: str, error: AppError) -> None:
        await self._send(LiveError(error=error.code, detail=error.detail, topic=topic))

    async def _tell(self, subscription: Subscription) -> None:
        swept = time.monotonic()
        while True:
            topics: list[str] | None = None
            with move_on_after(max(0.0, swept + self._timing.sweep - time.monotonic())):
                topics = list(self._by_hub_topic[await subscription.next()])
            if topics is None:
                topics, swept = list(self._watchers), time.monotonic()
            for topic in topics:
                await self._drain(subscription, topic)

    async def _drain(self, subscription: Subscription, topic: str) -> None:
        """Sends all that the topic has to say."""
        if topic == announce.NODES and self._too_soon():
            return
        while topic in self._watchers:
            source = self._watchers[topic]
            try:
                messages = await to_thread.run_sync(source.poll)
            except AppError as error:
                self._drop(subscription, topic)
                await self._refuse(topic, error)
                return
            if not messages:
                return
            for message in messages:
                await self._send(message)

    def _too_soon(self) -> bool:
        """News of nodes that come too soon are sent by the next sweep."""
        at = time.monotonic()
        if at - self._nodes_at < self._timing.nodes:
            return True
        self._nodes_at = at
        return False

    async def _ping(self, _: Subscription) -> None:
        while True:
            await sleep(self._timing.ping)
            await self._send(PingMessage())

    async def _recheck(self, _: Subscription) -> None:
        while not self._shown_out:
            await sleep(self._timing.recheck)
            self._shown_out = not await self._still_allowed()

    async def _send(self, message: BaseModel) -> None:
        await self._websocket.send_text(message.model_dump_json())
