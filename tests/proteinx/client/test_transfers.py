"""Uploads in parts and downloads with Range, over connections that break."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proteinx.client.downloads import download
from proteinx.client.errors import ApiError, TransferError
from proteinx.client.retry import Retry
from proteinx.client.transport import Transport
from proteinx.client.uploads import upload
from tests.proteinx.scripted import Answer, Scripted, Seen

CONTENT = bytes(range(256)) * 4000
SHA = hashlib.sha256(CONTENT).hexdigest()
QUICK = Retry(attempts=4, base=0.001)


class PartsServer:
    """An upload's other end: keeps parts by number, complete when they are all there."""

    def __init__(self, part_size: int, failures: int = 0) -> None:
        self.part_size = part_size
        self.parts: dict[int, bytes] = {}
        self.failures = failures
        self.opened: dict = {}
        self.complete = False

    def __call__(self, seen: Seen) -> Answer:
        if seen.method == "PUT":
            if self.failures and len(self.parts) == 2:
                self.failures -= 1
                return Answer.error(503)
            assert seen.headers["x-content-sha256"] == hashlib.sha256(seen.body).hexdigest()
            self.parts[int(seen.path.rsplit("/", 1)[1])] = seen.body
            return Answer(204, b"")
        if seen.path.endswith("/complete"):
            self.complete = True
        else:
            self.opened = json.loads(seen.body)
        view = {"id": "u1", "part_size": self.part_size, "received": sorted(self.parts), "complete": self.complete}
        return Answer.json({**self.opened, **view})


def test_upload_survives_a_master_that_is_away(scripted: Scripted, tmp_path: Path) -> None:
    server = scripted.script = PartsServer(100_000, failures=3)
    path = tmp_path / "数据 set.bin"
    path.write_bytes(CONTENT)
    advanced: list[int] = []
    view = upload(Transport(scripted.url, "t", retry=QUICK), path, progress=advanced.append)
    assert view.complete
    assert view.sha256 == SHA
    assert b"".join(server.parts[n] for n in sorted(server.parts)) == CONTENT
    assert sum(advanced) == len(CONTENT)


def test_upload_sends_only_what_is_missing(scripted: Scripted, tmp_path: Path) -> None:
    server = scripted.script = PartsServer(400_000)
    server.parts[0] = CONTENT[:400_000]
    path = tmp_path / "a"
    path.write_bytes(CONTENT)
    upload(Transport(scripted.url, "t", retry=QUICK), path)
    sent = [seen.path for seen in scripted.seen if seen.method == "PUT"]
    assert sent == ["/api/uploads/u1/parts/1", "/api/uploads/u1/parts/2"]


def test_content_that_is_there_is_not_sent(scripted: Scripted, tmp_path: Path) -> None:
    server = scripted.script = PartsServer(400_000)
    server.complete = True
    path = tmp_path / "a"
    path.write_bytes(CONTENT)
    advanced: list[int] = []
    upload(Transport(scripted.url, "t", retry=QUICK), path, progress=advanced.append)
    assert [seen.method for seen in scripted.seen] == ["POST"]
    assert advanced == [len(CONTENT)]


def test_empty_file_is_an_upload_without_parts(scripted: Scripted, tmp_path: Path) -> None:
    scripted.script = PartsServer(400_000)
    path = tmp_path / "empty"
    path.touch()
    assert upload(Transport(scripted.url, "t", retry=QUICK), path).size == 0
    assert [seen.path for seen in scripted.seen] == ["/api/uploads", "/api/uploads/u1/complete"]


def test_file_that_shrinks_meanwhile_is_refused(scripted: Scripted, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(CONTENT)
    server = PartsServer(400_000)

    def script(seen: Seen) -> Answer:
        if seen.method == "POST":
            path.write_bytes(b"short")
        return server(seen)

    scripted.script = script
    with pytest.raises(TransferError, match="became shorter"):
        upload(Transport(scripted.url, "t", retry=QUICK), path)


def ranged(content: bytes, cuts: list[int]):
    """Serves `content` with Range; each answer breaks off after so many bytes, until `cuts` is used up."""
    left = list(cuts)

    def script(seen: Seen) -> Answer:
        start = int(seen.headers["range"].removeprefix("bytes=").rstrip("-")) if "range" in seen.headers else 0
        cut = left.pop(0) if left else None
        if start >= len(content) and start:
            return Answer.error(416, "range")
        return Answer(206 if start else 200, content[start:], {"ETag": f'"{SHA}"'}, cut_after=cut)

    return script


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(cuts=st.lists(st.integers(min_value=1, max_value=len(CONTENT) - 1), max_size=5))
def test_download_goes_on_where_it_broke_off(scripted: Scripted, tmp_path: Path, cuts: list[int]) -> None:
    scripted.script = ranged(CONTENT, cuts)
    target = tmp_path / "deep" / "file"
    advanced: list[int] = []
    transport = Transport(scripted.url, "t", retry=Retry(attempts=8, base=0.0001))
    download(transport, "/f", target, size=len(CONTENT), sha256=SHA, progress=advanced.append)
    assert target.read_bytes() == CONTENT
    assert sum(advanced) == len(CONTENT)
    assert not list(target.parent.glob("*.part"))
    target.unlink()


def test_download_continues_an_earlier_run(scripted: Scripted, tmp_path: Path) -> None:
    scripted.script = ranged(CONTENT, [])
    (tmp_path / "f.part").write_bytes(CONTENT[:700_000])
    download(Transport(scripted.url, "t", retry=QUICK), "/f", tmp_path / "f", size=len(CONTENT), sha256=SHA)
    assert scripted.seen[0].headers["range"] == "bytes=700000-"
    assert (tmp_path / "f").read_bytes() == CONTENT


def test_download_starts_over_when_the_content_is_another(scripted: Scripted, tmp_path: Path) -> None:
    scripted.answers(Answer(200, CONTENT))  # a server whose ETag no longer is the one asked for sends all of it
    (tmp_path / "f.part").write_bytes(b"of another version")
    download(Transport(scripted.url, "t", retry=QUICK), "/f", tmp_path / "f", size=len(CONTENT), sha256=SHA)
    assert (tmp_path / "f").read_bytes() == CONTENT


@pytest.mark.parametrize(("body", "said"), [(CONTENT[:-1], "bytes arrived"), (CONTENT[:-1] + b"!", "damaged")])
def test_wrong_bytes_never_get_the_name(scripted: Scripted, tmp_path: Path, body: bytes, said: str) -> None:
    scripted.answers(Answer(200, body))
    with pytest.raises(TransferError, match=said):
        download(Transport(scripted.url, "t", retry=QUICK), "/f", tmp_path / "f", size=len(CONTENT), sha256=SHA)
    assert list(tmp_path.iterdir()) == []


def test_download_of_what_is_not_there_says_so(scripted: Scripted, tmp_path: Path) -> None:
    scripted.answers(Answer.error(404, "unknown_file", "There is no such file."))
    with pytest.raises(ApiError, match="no such file"):
        download(Transport(scripted.url, "t", retry=QUICK), "/f", tmp_path / "f")
    assert len(scripted.seen) == 1
