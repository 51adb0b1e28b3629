"""Downloads: ranges as RFC 9110 has them, and headers that keep a browser from running an upload."""

from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from app import errors
from app.storage.downloads import Download, respond
from app.storage.local import LocalStorage

DATA = bytes(range(100))
ETAG = '"' + "ab" * 32 + '"'


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    storage = LocalStorage(lambda: tmp_path)
    storage.write_bytes("f", DATA)
    app = FastAPI()
    errors.install(app)

    @app.get("/f")
    def get(request: Request) -> Response:
        return respond(storage, Download("f", 100, "ab" * 32, '蛋白 "质".html'), request.headers)

    return TestClient(app)


def test_whole(client: TestClient) -> None:
    reply = client.get("/f")
    assert (reply.status_code, reply.content) == (200, DATA)
    headers = reply.headers
    assert headers["content-length"] == "100"
    assert headers["etag"] == ETAG
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment;")
    assert "%E8%9B%8B" in headers["content-disposition"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=90-", 90, 99), ("bytes=-10", 90, 99), ("bytes=95-500", 95, 99), ("bytes=0-", 0, 99)],
)
def test_one_range(client: TestClient, asked: str, first: int, last: int) -> None:
    reply = client.get("/f", headers={"Range": asked})
    assert (reply.status_code, reply.content) == (206, DATA[first : last + 1])
    assert reply.headers["content-range"] == f"bytes {first}-{last}/100"
    assert reply.headers["content-length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=9-3", "bytes=-0", "bytes=-"])
def test_range_of_nothing(client: TestClient, asked: str) -> None:
    reply = client.get("/f", headers={"Range": asked})
    assert (reply.status_code, reply.json()["error"]) == (416, "range_not_satisfiable")
    assert reply.headers["content-range"] == "bytes */100"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=x-y", "bytes=0-" + "9" * 5000])
def test_other_ranges_get_the_whole(client: TestClient, asked: str) -> None:
    assert client.get("/f", headers={"Range": asked}).content == DATA


def test_conditions(client: TestClient) -> None:
    assert client.get("/f", headers={"If-None-Match": ETAG}).status_code == 304
    assert client.get("/f", headers={"Range": "bytes=5-", "If-Range": ETAG}).status_code == 206
    assert client.get("/f", headers={"Range": "bytes=5-", "If-Range": '"other"'}).content == DATA
