"""A TCP line to a server that can be cut in the middle of a transfer."""

import socket
import threading
from types import TracebackType
from typing import Self


class Cutter:
    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._budget: int | None = None
        self._reply_budget: int | None = None
        self._times = 0
        self._reply_size = 0
        self._lock = threading.Lock()
        self.cuts = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut_after(self, sent: int) -> None:
        """Cuts once, when so many more bytes have gone to the server."""
        with self._lock:
            self._budget = sent

    def cut_replies_after(self, received: int, times: int) -> None:
        with self._lock:
            self._reply_budget, self._reply_size, self._times = received, received, times

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            for source, sink, up in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._carry, args=(source, sink, up), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, up: bool) -> None:
        try:
            while data := source.recv(8192):
                allowed = self._allow(len(data), up)
                sink.sendall(data[:allowed])
                if allowed < len(data):
                    break
        except OSError:
            return
        finally:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def _allow(self, count: int, up: bool) -> int:
        with self._lock:
            budget = self._budget if up else self._reply_budget
            if budget is None:
                return count
            left = budget - count
            if left >= 0:
                if up:
                    self._budget = left
                else:
                    self._reply_budget = left
                return count
            self.cuts += 1
            if up:
                self._budget = None
            else:
                self._times -= 1
                self._reply_budget = self._reply_size if self._times > 0 else None
            return budget
