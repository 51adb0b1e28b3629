"""The network between one worker and the master: a TCP proxy that can cut, reset, tear and lose what passes."""

import asyncio
import socket
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

_CHUNK = 64 * 1024
_PART = b"PUT /api/uploads/"


@dataclass(eq=False, slots=True)
class _Connection:
    near: asyncio.StreamWriter
    far: asyncio.StreamWriter | None = None
    dead: bool = False
    """Half open: whatever is sent on it vanishes."""
    swallowing: bool = False
    """The next reply is lost."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def reset(self) -> None:
        self.ended.set()
        for writer in (self.near, self.far):
            if writer is not None:
                writer.transport.abort()


class Link:
    """All methods may be called from any thread, and take effect before they return."""

    within: list[str] = []  # noqa: RUF012  set anew where it is not empty
    """The command that runs a program at the far end."""
    real = False
    """Whether a cut is one of a network, not of this proxy."""

    def __init__(self, target_port: int, address: str = "127.0.0.1") -> None:
        self._target = target_port
        self._connections: set[_Connection] = set()
        self._loop = asyncio.new_event_loop()
        self._open = asyncio.Event()
        self._tearing = False
        self._losing = False
        self.torn = 0
        self.lost = 0
        listener = socket.create_server((address, 0))
        self.port: int = listener.getsockname()[1]
        self.url = f"http://{address}:{self.port}"
        self._thread = threading.Thread(target=self._live, args=(listener,), name="link", daemon=True)
        self._started = threading.Event()
        self._thread.start()
        self._started.wait()

    def cut(self) -> None:
        """Silence: nothing passes, no connection ends. New ones seem to be made, and hear nothing."""
        self._do(self._set(self._open, False))

    def heal(self) -> None:
        """What was sent meanwhile arrives late, as TCP has it."""
        self._do(self._set(self._open, True))

    def reset(self) -> None:
        self._do(self._reset())

    def half_open(self) -> None:
        """Connections that are open now carry nothing any more; new ones are fine."""
        self._do(self._deaden())

    def tear_uploads(self, on: bool) -> None:
        """Whoever sends a part is cut off in the middle of it."""
        self._do(self._flag("_tearing", on))

    def lose_replies(self, on: bool) -> None:
        """The master gets the request and acts on it; its reply is lost with the connection."""
        self._do(self._flag("_losing", on))

    def close(self) -> None:
        self._do(self._reset())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # --- in the loop's thread ---

    def _live(self, listener: socket.socket) -> None:
        asyncio.set_event_loop(self._loop)
        self._open.set()
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, sock=listener))
        self._started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))

    def _do(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout=10)

    async def _set(self, event: asyncio.Event, on: bool) -> None:
        if on:
            event.set()
        else:
            event.clear()

    async def _flag(self, name: str, on: bool) -> None:
        setattr(self, name, on)

    async def _reset(self) -> None:
        for connection in list(self._connections):
            connection.reset()

    async def _deaden(self) -> None:
        for connection in self._connections:
            connection.dead = True

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(writer)
        self._connections.add(connection)
        try:
            await self._open.wait()
            far_reader, connection.far = await asyncio.open_connection("127.0.0.1", self._target)
            await asyncio.gather(
                self._carry(connection, reader, connection.far, upward=True),
                self._carry(connection, far_reader, writer, upward=False),
            )
        except (OSError, asyncio.CancelledError):
            pass  # refused, reset, or closing: the two ends see it as such
        finally:
            self._connections.discard(connection)
            connection.reset()

    async def _carry(
        self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, upward: bool
    ) -> None:
        while data := await reader.read(_CHUNK):
            await self._open.wait()
            if connection.dead:
                await connection.ended.wait()
                return
            if upward and self._tearing and _PART in data:
                self.torn += 1
                head, _, body = data.partition(b"\r\n\r\n")
                writer.write(head + b"\r\n\r\n" + body[: len(body) // 2] if body else data)
                await writer.drain()
                await asyncio.sleep(0.05)  # it shall arrive, so that the master has begun with it
                connection.reset()
                return
            if upward and self._losing and data.startswith((b"POST ", b"PUT ")):
                connection.swallowing = True
            if not upward and connection.swallowing:
                self.lost += 1
                connection.reset()
                return
            writer.write(data)
            await writer.drain()
        if not connection.ended.is_set():
            writer.write_eof()
