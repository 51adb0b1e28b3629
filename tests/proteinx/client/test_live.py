"""Following a job: in order, each byte once, whatever breaks in between."""

import json
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.sync.server import Server, serve

from proteinx.client.errors import ApiError
from proteinx.client.live import Follower, whole_characters
from proteinx.client.retry import Retry
from proteinx.client.transport import Transport
from proteinx.contracts.live import JobMessage, LogMessage

JOB = "a" * 32
QUICK = Retry(attempts=4, base=0.001)


class World:
    """A job as the master knows it: logs by attempt, and a state."""

    def __init__(self) -> None:
        self.logs: dict[int, bytes] = {1: b""}
        self.state = "running"
        self.sockets = 0
        self.was_asked = threading.Event()
        """For the job's state, over HTTP."""

    @property
    def attempt(self) -> int:
        return max(self.logs)

    def job(self) -> dict:
        text = "2026-11-24T00:00:00Z"
        return {
            **dict.fromkeys(("name", "owner", "project", "snapshot", "entry_point", "experiment", "notes"), "x"),
            **dict.fromkeys(("time_limit", "register_as", "registered_version", "parent_job", "config"), None),
            **{key: {} for key in ("parameters", "inputs", "tags", "resources")},
            "id": JOB,
            "overrides": [],
            "experiment_id": "1",
            "priority": 0,
            "max_attempts": 5,
            "preemptible": True,
            "state": self.state,
            "reason": "",
            "attempt": self.attempt,
            "created_at": text,
            "started_at": text,
            "ended_at": None,
            "attempts": [],
        }

    def http(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        parts = urlsplit(path)
        if parts.path.endswith("/logs"):
            query = {key: int(values[0]) for key, values in parse_qs(parts.query).items()}
            log = self.logs[query["attempt"]]
            piece = log[query["offset"] : query["offset"] + min(query["limit"], 7)]
            return 200, piece, {"X-Log-Size": str(len(log)), "X-Log-Attempt": str(query["attempt"])}
        body = json.dumps(self.job()).encode()
        self.was_asked.set()
        return 200, body, {}

    def log_message(self, attempt: int, offset: int, data: bytes) -> str:
        message = LogMessage(
            job_id=JOB, attempt=attempt, rank=0, offset=offset, size=len(data), text=data.decode(errors="replace")
        )
        return message.model_dump_json()

    def job_message(self) -> str:
        return JobMessage(job_id=JOB, state=self.state, attempt=self.attempt, reason="").model_dump_json()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def start(world: World) -> Iterator:
    """Serves the world. `script(socket, number, request)` is one connection's life; without it, sockets are refused."""
    servers: list[Server] = []

    def run(script=None) -> Follower:
        def process_request(connection, request):
            if request.path == "/api/live":
                world.sockets += 1
                return None if script else connection.respond(503, "no sockets here")
            status, body, headers = world.http(request.path)
            response = connection.respond(status, "")
            response.body = body
            del response.headers["Content-Length"]
            response.headers["Content-Length"] = str(len(body))
            for key, value in headers.items():
                response.headers[key] = value
            return response

        def handler(socket) -> None:
            asked = json.loads(socket.recv())
            assert world.was_asked.wait(60)
            script(socket, world.sockets, asked)

        server = serve(handler, "127.0.0.1", 0, process_request=process_request)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        return Follower(Transport(url, "t", retry=QUICK), JOB, poll_seconds=0.01)

    yield run
    for server in servers:
        server.shutdown()


def text_of(messages: list) -> str:
    return "".join(message.text for message in messages if isinstance(message, LogMessage))


def states(messages: list) -> list[str]:
    return [message.state for message in messages if isinstance(message, JobMessage)]


def test_follows_to_the_end_over_the_socket(world: World, start) -> None:
    def script(socket, _, asked: dict) -> None:
        assert asked["topic"] == f"log:{JOB}"
        for offset, piece in ((0, b"one\n"), (4, "二\n".encode())):
            world.logs[1] += piece
            socket.send(world.log_message(1, offset, piece))
        world.state = "succeeded"
        socket.send(world.job_message())

    messages = list(start(script))
    assert text_of(messages) == "one\n二\n"
    assert states(messages) == ["running", "succeeded"]
    assert isinstance(messages[-1], JobMessage)


def test_goes_on_exactly_where_a_connection_broke(world: World, start) -> None:
    """The second connection repeats bytes that were seen; they are shown once."""
    asked: list[dict] = []

    def script(socket, number: int, request: dict) -> None:
        asked.append(request)
        if number == 1:
            world.logs[1] = b"0123456789"
            socket.send(world.log_message(1, 0, b"01234"))
            return
        socket.send(world.log_message(1, 3, b"3456789"))
        world.state = "failed"
        socket.send(world.job_message())

    messages = list(start(script))
    assert text_of(messages) == "0123456789"
    assert states(messages) == ["running", "failed"]
    assert (asked[1]["attempt"], asked[1]["offset"]) == (1, 5)


def test_gap_is_closed_by_asking_again(world: World, start) -> None:
    def script(socket, number: int, asked: dict) -> None:
        world.logs[1] = b"abcdef"
        if number == 1:
            socket.send(world.log_message(1, 0, b"ab"))
            socket.send(world.log_message(1, 4, b"ef"))
            return
        socket.send(world.log_message(1, asked["offset"], b"abcdef"[asked["offset"] :]))
        world.state = "succeeded"
        socket.send(world.job_message())

    assert text_of(list(start(script))) == "abcdef"


def test_next_attempt_starts_its_own_log(world: World, start) -> None:
    def script(socket, *_) -> None:
        world.logs = {1: b"lost", 2: b"again"}
        socket.send(world.log_message(1, 0, b"lost"))
        socket.send(world.log_message(2, 0, b"again"))
        world.state = "succeeded"
        socket.send(world.job_message())

    messages = list(start(script))
    assert [(m.attempt, m.text) for m in messages if isinstance(m, LogMessage)] == [(1, "lost"), (2, "again")]


def test_polls_where_no_socket_gets_through(world: World, start) -> None:
    world.logs = {1: b"first attempt, cut", 2: "第二次 attempt\n".encode()}
    follower = start()
    messages = []
    for message in follower:
        messages.append(message)
        if isinstance(message, JobMessage) and message.state == "running":
            world.logs[2] += b"late line\n"
            world.state = "succeeded"
    assert text_of(messages) == "first attempt, cut第二次 attempt\nlate line\n"
    assert states(messages) == ["running", "succeeded"]
    assert world.sockets == 3


def test_end_of_the_log_comes_before_the_end_of_the_job(world: World, start) -> None:
    """A job that ended before anybody followed it."""
    world.logs[1] = b"all of it\n"
    world.state = "succeeded"
    messages = list(start(lambda *_: None))
    assert text_of(messages) == "all of it\n"
    assert isinstance(messages[-1], JobMessage)


def test_held_job_ends_the_following(world: World, start) -> None:
    world.state = "held"
    assert states(list(start())) == ["held"]


def test_refused_subscription_is_an_error(world: World, start) -> None:
    def script(socket, *_) -> None:
        socket.send(json.dumps({"type": "error", "error": "unknown_job", "detail": "There is no such job."}))

    with pytest.raises(ApiError, match="no such job"):
        list(start(script))


def test_a_message_that_was_overtaken_is_no_news(world: World, start) -> None:
    """The state asked for over HTTP is ahead of messages still on their way."""

    def script(socket, *_) -> None:
        for state, attempt in (("pending", 0), ("scheduled", 1), ("running", 1), ("pending", 1), ("scheduled", 2)):
            socket.send(JobMessage(job_id=JOB, state=state, attempt=attempt, reason="").model_dump_json())
        world.logs[2] = b""
        world.state = "succeeded"
        socket.send(world.job_message())

    assert states(list(start(script))) == ["running", "pending", "scheduled", "succeeded"]


@given(text=st.text(max_size=20), cut=st.integers(min_value=0, max_value=80))
def test_pieces_end_at_whole_characters(text: str, cut: int) -> None:
    data = text.encode()[:cut]
    kept = whole_characters(data)
    assert data.startswith(kept)
    assert len(data) - len(kept) <= 3
    assert text.startswith(kept.decode())
