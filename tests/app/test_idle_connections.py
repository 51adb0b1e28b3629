"""A connection that nobody used for a while is left to the server, which may be closing it at this very moment."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from app.tracking.rest import Rest
from app.tracking.server import Upstream
from proteinx.client.transport import Transport
from proteinx.contracts.protocol import IDLE_CONNECTION_SECONDS

UVICORN_CLOSES_AFTER = 5.0


class Counting(ThreadingHTTPServer):
    daemon_threads = True
    connections = 0

    def get_request(self) -> tuple:
        self.connections += 1
        return super().get_request()


class Empty(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nothing: the test's output is no access log."""


@pytest.fixture
def server() -> Iterator[Counting]:
    with Counting(("127.0.0.1", 0), Empty) as made:
        Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def rest(url: str) -> Callable[[], object]:
    client = Rest(lambda: Upstream(url, {}))
    return lambda: client.get("x")


def sdk(url: str) -> Callable[[], object]:
    client = Transport(url)
    return lambda: client.request("GET", "/x")


@pytest.mark.parametrize("client", [rest, sdk])
def test_an_idle_connection_is_not_used_again(
    server: Counting, client: Callable[[str], Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert IDLE_CONNECTION_SECONDS < UVICORN_CLOSES_AFTER / 2
    call = client(f"http://127.0.0.1:{server.server_port}")
    call()
    call()
    assert server.connections == 1
    clock = time.monotonic
    monkeypatch.setattr("httpcore._sync.http11.time.monotonic", lambda: clock() + IDLE_CONNECTION_SECONDS + 0.1)
    call()
    assert server.connections == 2
