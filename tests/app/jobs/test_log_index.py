"""The index of a log: marks are where lines begin, however the bytes are cut into chunks."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.jobs import log_index
from app.storage.local import LocalStorage
from tests.app.lab import Lab


def naive(data: bytes, offset: int, every: int) -> list[int]:
    begins = [offset] + [at + 1 for at in range(offset, len(data)) if data[at : at + 1] == b"\n"]
    return begins[every::every]


@given(
    st.lists(st.sampled_from([b"a", b"\n", b"ab\n", b"\n\n\n", "蛋白\n".encode()]), max_size=60),
    st.integers(1, 7),
    st.integers(1, 9),
)
def test_marks_are_those_of_a_plain_count(pieces: list[bytes], every: int, chunk: int) -> None:
    data = b"".join(pieces)
    chunks = [data[at : at + chunk] for at in range(0, len(data), chunk)]
    assert log_index._marks(chunks, 0, every) == (naive(data, 0, every), data.count(b"\n"))


def test_it_goes_on_from_a_mark(tmp_path: Path) -> None:
    storage = LocalStorage(lambda: tmp_path)
    data = b"".join(b"line %d\n" % number for number in range(1000)) + b"no newline yet"
    storage.write_bytes("log", data)
    whole = log_index.index(storage, "log", attempt=1, offset=0, every=100)
    assert (whole.lines, whole.size, len(whole.marks)) == (1000, len(data), 10)
    assert [data[mark:].split(b"\n", 1)[0] for mark in whole.marks[:3]] == [b"line 100", b"line 200", b"line 300"]
    rest = log_index.index(storage, "log", attempt=1, offset=whole.marks[4], every=100)
    assert (rest.marks, rest.lines) == (whole.marks[5:], 500)


def test_a_log_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    found = log_index.index(LocalStorage(lambda: tmp_path), "log", attempt=0, offset=5, every=100)
    assert (found.marks, found.lines, found.size, found.offset) == ([], 0, 0, 0)


def test_people_ask_for_it_by_job(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    agent.take(job["id"], "running").log(0, b"x\n" * 25)
    reply = lab.as_("vera").get(f"/api/jobs/{job['id']}/logs/index", params={"every": 10})
    assert reply.json() == {"attempt": 1, "offset": 0, "every": 10, "marks": [20, 40], "lines": 25, "size": 50}
