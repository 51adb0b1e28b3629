"""Logs: exact bytes whatever order and repetition they come in, characters whole, and a cap that is told."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs import logs
from app.workdir.service import set_settings
from proteinx.contracts.system import SystemSettings
from tests.app.lab import Lab, RunningMember

CHINESE = "第一行：训练开始\nepoch 1 损失 0.5\n"


@pytest.fixture
def member(lab: Lab) -> RunningMember:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    return agent.take(job["id"], "running")


@pytest.fixture
def read(lab: Lab, member: RunningMember) -> Callable[..., tuple[bytes, dict[str, str]]]:
    def get(**query: object) -> tuple[bytes, dict[str, str]]:
        reply = lab.as_("vera").get(f"/api/jobs/{member.spec['job_id']}/logs", params=query)
        assert reply.status_code == 200, reply.text
        return reply.content, {key.lower(): value for key, value in reply.headers.items()}

    return get


def test_appends_by_offset(member: RunningMember, read: Callable[..., tuple[bytes, dict[str, str]]]) -> None:
    assert member.log(0, b"one\n").json() == {"size": 4}
    assert member.log(4, b"two\n").json() == {"size": 8}
    assert member.log(4, b"two\n").json() == {"size": 8}
    assert member.log(2, b"e\ntwo\nthree\n").json() == {"size": 14}
    assert member.log(0, b"").json() == {"size": 14}
    gap = member.log(20, b"later")
    assert (gap.status_code, gap.json()["error"]) == (409, "offset_gap")
    assert "14" in gap.json()["detail"]
    content, headers = read()
    assert content == b"one\ntwo\nthree\n"
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert (headers["x-log-size"], headers["x-log-attempt"], headers["x-log-next"]) == ("14", "1", "14")


def test_chinese_cut_in_the_middle_of_a_character_arrives_whole(
    member: RunningMember, read: Callable[..., tuple[bytes, dict[str, str]]]
) -> None:
    data = CHINESE.encode()
    for start in range(0, len(data), 5):
        assert member.log(start, data[start : start + 5]).status_code == 200
    assert read()[0].decode() == CHINESE
    text, offset = "", 0
    while offset < len(data):
        piece, headers = read(offset=offset, limit=7)
        text += piece.decode()
        offset = int(headers["x-log-next"])
    assert text == CHINESE


def test_the_last_lines(member: RunningMember, read: Callable[..., tuple[bytes, dict[str, str]]]) -> None:
    lines = [f"line {number} " + "x" * 90 for number in range(3000)]
    data = ("\n".join(lines) + "\n").encode()
    assert member.log(0, data).json()["size"] == len(data)
    assert read(tail=2)[0].decode().splitlines() == lines[-2:]
    assert read(tail=2000)[0].decode().splitlines() == lines[-2000:]
    assert read(tail=5000)[0].decode().splitlines() == lines
    member.log(len(data), b"no newline yet")
    assert read(tail=1)[0] == b"no newline yet"
    assert read(tail=2)[0].decode().splitlines() == [lines[-1], "no newline yet"]


def test_search_says_where(member: RunningMember, read: Callable[..., tuple[bytes, dict[str, str]]]) -> None:
    member.log(0, (CHINESE + "Error: 内存不足\nfine\nERROR again").encode())
    content, headers = read(search="error")
    found = [line.partition(":") for line in content.decode().splitlines()]
    assert [text for _, _, text in found] == ["Error: 内存不足", "ERROR again"]
    first = int(found[0][0])
    assert read(offset=first, limit=5)[0] == b"Error"
    assert headers["x-log-next"] == headers["x-log-size"]
    content, headers = read(search="error", limit=1)
    assert content.decode() == f"{first}:Error: 内存不足\n"
    content, _ = read(search="error", offset=headers["x-log-next"])
    assert content.decode().endswith("ERROR again\n")
    assert read(search="nothing like it")[0] == b""


def test_over_the_cap_the_log_says_so_and_the_agent_goes_on(
    lab: Lab, member: RunningMember, read: Callable[..., tuple[bytes, dict[str, str]]]
) -> None:
    with lab.db.write() as session:
        set_settings(session, "test", SystemSettings(max_log_bytes=5000))
    sent = 0
    for _ in range(4):
        reply = member.log(sent, b"y" * 1999 + b"\n")
        sent = reply.json()["size"]
    assert sent == 8000
    content = read()[0]
    assert content[:5000] == (b"y" * 1999 + b"\n") * 2 + b"y" * 1000
    assert content[5000:].startswith(b"\n[ProteinX: this log has reached 5000 bytes")
    assert content.count(b"ProteinX") == 1
    assert member.log(6000, b"y" * 1999 + b"\n").json()["size"] == 8000
    assert read()[0] == content


def test_a_chunk_that_is_too_large_is_refused(member: RunningMember) -> None:
    assert member.log(0, b"x" * (1024 * 1024 + 1)).json()["error"] == "chunk_too_large"
    assert member.log(0, b"x" * (1024 * 1024)).status_code == 200


def test_only_the_member_itself_writes(lab: Lab, member: RunningMember) -> None:
    path = f"/api/jobs/{member.spec['job_id']}/logs"
    for who in ("admin", "alice"):
        assert lab.as_(who).post(path, params={"attempt": 1, "offset": 0}, content=b"x").status_code == 403
    assert member.log(0, b"x", attempt=2).status_code == 410
    assert member.log(0, b"x", rank=1).status_code == 410
    assert member.log(-1, b"x").status_code == 422
    assert member.client.get(path).content == b""


def test_a_job_without_a_log_yet_and_none_at_all(lab: Lab) -> None:
    job = lab.submit()
    reply = lab.as_("vera").get(f"/api/jobs/{job['id']}/logs")
    assert (reply.status_code, reply.content, reply.headers["x-log-attempt"]) == (200, b"", "0")
    assert lab.as_("vera").get(f"/api/jobs/{'0' * 32}/logs").status_code == 404
    assert lab.as_("vera").get("/api/jobs/..%2f..%2fetc/logs").status_code in (404, 422)


@given(st.text(max_size=60), st.integers(0, 200))
def test_whole_characters_cuts_at_most_one_and_never_a_whole_one(text: str, cut: int) -> None:
    data = text.encode()[:cut]
    kept = logs.whole_characters(data)
    assert data.startswith(kept)
    assert len(data) - len(kept) < 4
    assert text.startswith(kept.decode())
    assert len(text.encode()) > len(data) or kept == data


@given(st.binary(max_size=40))
def test_whole_characters_takes_any_bytes(data: bytes) -> None:
    assert len(data) - len(logs.whole_characters(data)) < 4
