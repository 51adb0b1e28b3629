"""The serving process's own side: what it sends, what it repeats, what it survives."""

import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from proteinlab.biodata.records import Record
from proteinlab.training import requests
from proteinlab.training.errors import UserError
from proteinlab.training.requests import Requests
from proteinlab.training.serving import Service


class Platform(ThreadingHTTPServer):
    """Hands out requests one by one, then says that it was all."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.waiting: list[list[str]] = []
        self.replies: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        """What the next calls are answered instead."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Platform

    def do_GET(self) -> None:
        assert self.path == "/serving/requests?wait=20"
        if not self._stands_in():
            sequences = self.server.waiting.pop(0) if self.server.waiting else None
            given = [{"id": f"序{n}", "sequence": text} for n, text in enumerate(sequences or ())]
            asked = {"id": "r", "sequences": given} if sequences is not None else None
            self._send(200, {"request": asked, "end": asked is None, "reason": "" if asked else "unused"})

    def do_POST(self) -> None:
        assert self.path == "/serving/replies"
        assert self.headers["Authorization"] == "Bearer secret"
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._stands_in():
            self.server.replies.append(body)
            self._send(204, None)

    def _stands_in(self) -> bool:
        if not self.server.statuses:
            return False
        status = self.server.statuses.pop(0)
        if status == 0:
            self.close_connection = True  # as a kept connection that was idle for too long
        else:
            self._send(status, {})
        return True

    def _send(self, status: int, content: object) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a test's output is for its failure."""


class Lengths:
    """Predicts how long a sequence is; can't take those over five, and fails at W."""

    takes_pairs = False

    def columns(self, records: Sequence[Record]) -> dict[str, Any]:
        if any("W" in record.sequence for record in records):
            raise ZeroDivisionError("a bug")
        if any(len(record.sequence) > 5 for record in records):
            raise UserError("sequence_too_long", "It is too long.")
        values = np.array([len(record.sequence) for record in records], dtype=np.float32) / 10
        return {"id": [record.id for record in records], "prediction": values, "uncertainty": values * np.nan}


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    running = Platform()
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("PROTEINX_SERVING_URL", f"http://127.0.0.1:{running.server_port}/serving")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "secret")
    monkeypatch.setattr(requests, "_PAUSE", 0.01)
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def serve() -> Requests:
    asked = Requests.of_environment()
    Service(Lengths(), asked).run()  # type: ignore[arg-type]  as much of a predictor as is needed
    return asked


def test_answers_are_as_json_has_them(platform: Platform) -> None:
    platform.waiting = [["MKV", "MK"]]
    assert serve().farewell == "unused"
    [answer] = platform.replies
    assert answer.pop("milliseconds") >= 0
    columns = {"id": ["序0", "序1"], "prediction": [0.3, 0.2], "uncertainty": [None, None]}
    assert answer == {"id": "r", "columns": columns}


def test_calls_are_repeated_while_the_master_is_away(platform: Platform) -> None:
    platform.waiting, platform.statuses = [["M"]], [503, 0, 502]
    serve()
    assert len(platform.replies) == 1


def test_what_the_model_can_not_take_is_named(platform: Platform) -> None:
    platform.waiting = [["MK", "MKVLLA"]]
    serve()
    assert platform.replies == [{"id": "r", "code": "sequence_too_long", "detail": "It is too long.", "index": 1}]


def test_an_answer_that_is_too_large_is_told(platform: Platform) -> None:
    platform.waiting = [["M"]]
    asked = Requests.of_environment()
    first = asked.next()
    assert first is not None
    platform.statuses = [413]
    Service(Lengths(), asked)._handle(first)  # type: ignore[arg-type]
    assert [reply["code"] for reply in platform.replies] == ["answer_too_large"]


def test_a_bug_is_told_and_the_third_in_a_row_ends_the_process(platform: Platform) -> None:
    platform.waiting = [["W"], ["W"], ["MK"], ["W"], ["W"], ["W"], ["MK"]]
    with pytest.raises(ZeroDivisionError):
        serve()
    assert ["code" in reply for reply in platform.replies] == [True, True, False, True, True, True]
    assert "ZeroDivisionError: a bug" in platform.replies[0]["detail"]


def test_an_attempt_that_is_over_ends_and_no_platform_is_told(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.statuses = [410]
    with pytest.raises(RuntimeError, match="410"):
        serve()
    monkeypatch.delenv("PROTEINX_SERVING_URL")
    with pytest.raises(UserError) as caught:
        Requests.of_environment()
    assert caught.value.code == "nobody_asks"
