"""The proxy does to connections what it says."""

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from tests.chaos.link import Link
from tests.chaos.namespace import NamespaceLink
from tests.waiting import until

PART = b"PUT /api/uploads/u/parts/0 HTTP/1.1\r\nContent-Length: 8\r\n\r\nABCDEFGH"


class Echo:
    """Answers all that it hears with `heard`, and remembers it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.heard = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            while data := connection.recv(1000):
                self.heard += data
                connection.sendall(b"heard")

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    running = Echo()
    yield running
    running.close()


@pytest.fixture
def link(echo: Echo) -> Iterator[Link]:
    running = Link(echo.port)
    yield running
    running.close()


def dial(link: Link, seconds: float = 5.0) -> socket.socket:
    return socket.create_connection(("127.0.0.1", link.port), timeout=seconds)


def ask(line: socket.socket, what: bytes = b"hello") -> bytes:
    line.sendall(what)
    return line.recv(1000)


def test_it_passes_what_comes(link: Link) -> None:
    with dial(link) as line:
        assert ask(line) == b"heard"


def test_a_cut_is_silence_and_what_was_sent_arrives_late(link: Link, echo: Echo) -> None:
    with dial(link) as line:
        ask(line)
        link.cut()
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            ask(line, b"meanwhile")
        assert b"meanwhile" not in echo.heard
        link.heal()
        line.settimeout(5)
        assert line.recv(1000) == b"heard"
        assert b"meanwhile" in echo.heard


def test_a_connection_that_is_half_open_stays_dead_while_new_ones_work(link: Link) -> None:
    with dial(link) as line:
        ask(line)
        link.half_open()
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            ask(line)
        with dial(link) as fresh:
            assert ask(fresh) == b"heard"


def test_a_reset_ends_what_is_open(link: Link) -> None:
    with dial(link) as line:
        ask(line)
        link.reset()
        with pytest.raises(ConnectionError):
            ask(line)
            ask(line)
        with dial(link) as fresh:
            assert ask(fresh) == b"heard"


def test_an_upload_is_torn_in_its_middle(link: Link, echo: Echo) -> None:
    link.tear_uploads(True)
    with dial(link) as line, contextlib.suppress(ConnectionError):
        ask(line, PART)
        ask(line, b"more")
    until(lambda: echo.heard.endswith(b"ABCD"), 60, "half of it arrived")
    assert link.torn == 1


def test_a_lost_reply_leaves_a_request_that_was_heard(link: Link, echo: Echo) -> None:
    link.lose_replies(True)
    with dial(link) as line:
        with contextlib.suppress(ConnectionError):
            assert ask(line, b"POST /api/jobs") == b""
        assert echo.heard == b"POST /api/jobs"
    assert link.lost == 1


def test_where_there_are_network_namespaces_a_cut_cable_is_one(echo: Echo) -> None:
    try:
        link = NamespaceLink(echo.port)
    except OSError as error:
        pytest.skip(f"no network namespaces: {error}")
    host, port = link.url.removeprefix("http://").split(":")
    script = f"import socket; s = socket.create_connection(({host!r}, {port}), 1); s.sendall(b'far'); print(s.recv(9))"
    command = [*link.within, sys.executable, "-S", "-c", script]

    def reached() -> bool:
        return subprocess.run(command, capture_output=True, check=False).stdout == b"b'heard'\n"

    try:
        assert reached()
        link.cut()
        assert not reached()
        link.heal()
        until(reached, 60, "the far side is reached again")
    finally:
        link.close()
