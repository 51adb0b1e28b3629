"""Requests and answers on their way between the process that has the caller and the one that has the worker.

All of it is in the broker and nothing of it is kept: a request that a flush loses is told to its caller. Only the
master's own account can reach these keys; a node's is good for its own queue (`app.scheduling.broker_accounts`).

| key | |
| --- | --- |
| `proteinx-serve:<job>/<attempt>:queue` | ids of requests, for the next poll |
| `...:taken` | ids that a poll took and nobody has answered: told again to the next poll, since its reply may be lost |
| `...:open:<id>` | the request, while its caller waits; whoever deletes it may answer, and nobody else |
| `...:alive` | while the attempt asks for requests, or has one in hand |
| `proteinx-serve:reply:<id>` | the answer |
| `proteinx-serve:room:<name>` | who is in a place with a limit, each with the time at which it is out by itself |
"""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import redis.asyncio as redis
from pydantic import TypeAdapter
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.errors import Unavailable
from proteinx.contracts.phrases import say
from proteinx.contracts.serving import Answer, Asked, Refusal

PREFIX: Final = "proteinx-serve"
SLICE: Final = 1.0
"""Seconds of one blocking call; between two of them it is looked whether anybody still waits."""
KEPT: Final = 3600
"""Seconds after which what nobody cleared away goes by itself: longer than any request may last."""
_SOCKET_SECONDS: Final = 3.0
_REPLY: Final[TypeAdapter[Answer | Refusal]] = TypeAdapter(Answer | Refusal)

_ENTER: Final = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""
_ANSWER: Final = """
redis.call('SET', KEYS[4], '1', 'EX', ARGV[4])
redis.call('LREM', KEYS[2], 0, ARGV[1])
if redis.call('DEL', KEYS[1]) == 0 then return 0 end
redis.call('RPUSH', KEYS[3], ARGV[2])
redis.call('EXPIRE', KEYS[3], ARGV[3])
return 1
"""
_WITHDRAW: Final = """
redis.call('DEL', KEYS[1], KEYS[4])
redis.call('LREM', KEYS[3], 0, ARGV[1])
return redis.call('LREM', KEYS[2], 0, ARGV[1])
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one attempt of an endpoint is asked. A later attempt has another: what was for this one stays behind."""

    job_id: str
    attempt: int

    def key(self, name: str) -> str:
        return f"{PREFIX}:{self.job_id}/{self.attempt}:{name}"

    def open(self, ticket: str) -> str:
        return self.key(f"open:{ticket}")


class Exchange:
    """Of one process and its one event loop. Every call raises Unavailable while the broker is away."""

    def __init__(self, url: Callable[[], str | None]) -> None:
        self._url = url
        self._client: redis.Redis | None = None
        self._shut = False

    def shut(self) -> None:
        """From now on nobody waits any more: the process is being stopped."""
        self._shut = True

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    # --- the caller's side ---

    @asynccontextmanager
    async def room(self, name: str, ticket: str, *, limit: int, seconds: float) -> AsyncIterator[bool]:
        """Whether there was room among `limit`; a place is given back at the end, or by itself after `seconds`."""
        key = _room(name)
        async with self._broker() as broker:
            entered = bool(await broker.eval(_ENTER, 1, key, ticket, limit, int(seconds) + 1, KEPT))
        try:
            yield entered
        finally:
            if entered:
                with suppress(Unavailable):  # it is given back by itself; what was done in it stands
                    async with self._broker() as broker:
                        await broker.zrem(key, ticket)

    async def inside(self, names: Iterable[str]) -> dict[str, int]:
        """How many are in each room."""
        found = {}
        async with self._broker() as broker:
            now, _ = await broker.time()
            for name in names:
                found[name] = int(await broker.zcount(_room(name), f"({now}", "+inf"))
        return found

    async def ask(self, place: Place, asked: Asked, seconds: float) -> None:
        async with self._broker() as broker, broker.pipeline(transaction=True) as pipe:
            pipe.set(place.open(asked.id), asked.model_dump_json(), ex=int(seconds) + 1)
            pipe.rpush(place.key("queue"), asked.id)
            pipe.expire(place.key("queue"), KEPT)
            await pipe.execute()

    async def reply(self, ticket: str, seconds: float) -> Answer | Refusal | None:
        """Waits for it; None if it did not come."""
        async with self._broker(waits=True) as broker:
            key = _reply(ticket)
            found = await (broker.blpop([key], timeout=seconds) if seconds > 0 else broker.lpop(key))
        if found is None:
            return None
        return _REPLY.validate_json(found if isinstance(found, str) else found[1])

    async def is_open(self, place: Place, ticket: str) -> bool:
        async with self._broker() as broker:
            return bool(await broker.exists(place.open(ticket)))

    async def withdraw(self, place: Place, ticket: str) -> bool:
        """Nobody waits for it any more. Whether no worker had taken it."""
        keys = (place.open(ticket), place.key("queue"), place.key("taken"), _reply(ticket))
        async with self._broker() as broker:
            return bool(await broker.eval(_WITHDRAW, len(keys), *keys, ticket))

    async def is_alive(self, place: Place) -> bool:
        async with self._broker(waits=True) as broker:
            return bool(await broker.exists(place.key("alive")))

    # --- the worker's side ---

    async def live(self, place: Place, seconds: float) -> None:
        async with self._broker() as broker:
            await broker.set(place.key("alive"), "1", ex=int(seconds) + 1)

    async def take(self, place: Place, seconds: float, *, busy: float) -> Asked | None:
        """The next request, waited for; first of all one that was taken before and is still not answered.

        `busy`: seconds for which its worker may be silent over it.
        """
        async with self._broker(waits=True) as broker:
            taken = place.key("taken")
            for ticket in await broker.lrange(taken, 0, -1):
                if (asked := await self._opened(broker, place, ticket, busy)) is not None:
                    return asked
            ticket = await broker.blmove(place.key("queue"), taken, seconds, "LEFT", "RIGHT")
            return None if ticket is None else await self._opened(broker, place, ticket, busy)

    async def answer(self, place: Place, reply: Answer | Refusal, *, alive: float) -> bool:
        """Whether its caller still waited. The first answer counts; none can reach another caller."""
        keys = (place.open(reply.id), place.key("taken"), _reply(reply.id), place.key("alive"))
        async with self._broker() as broker:
            text = reply.model_dump_json()
            return bool(await broker.eval(_ANSWER, len(keys), *keys, reply.id, text, 60, int(alive) + 1))

    async def _opened(self, broker: Any, place: Place, ticket: str, busy: float) -> Asked | None:
        async with broker.pipeline(transaction=False) as pipe:
            pipe.get(place.open(ticket))
            pipe.set(place.key("alive"), "1", ex=int(busy) + 1)
            pipe.expire(place.key("taken"), KEPT)
            body, *_ = await pipe.execute()
        if body is None:  # its caller has gone
            await broker.lrem(place.key("taken"), 0, ticket)
            return None
        return Asked.model_validate_json(body)

    @asynccontextmanager
    async def _broker(self, *, waits: bool = False) -> AsyncIterator[Any]:
        """`waits`: for what may come, which is refused once the process is being stopped."""
        if waits and self._shut:
            raise Unavailable("master_stopping", say("master_stopping"))
        try:
            yield self._connected()
        except (RedisError, OSError) as error:
            raise Unavailable("broker_unavailable", say("serving_broker_away")) from error

    def _connected(self) -> Any:
        if self._client is None:
            url = self._url()
            if not url:
                raise Unavailable("broker_unavailable", say("serving_broker_away"))
            self._client = redis.Redis.from_url(
                url,
                decode_responses=True,
                socket_timeout=_SOCKET_SECONDS,
                socket_connect_timeout=_SOCKET_SECONDS,
                retry=Retry(NoBackoff(), 0),  # a blocking call that is repeated would lose what it had got
            )
        return self._client


def room_of(job_id: str) -> str:
    """The room of the requests at one endpoint."""
    return f"job:{job_id}"


def _room(name: str) -> str:
    return f"{PREFIX}:room:{name}"


def _reply(ticket: str) -> str:
    return f"{PREFIX}:reply:{ticket}"
