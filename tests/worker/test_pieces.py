"""The parts that have no process of their own."""

import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proteinx.client.errors import ApiError
from proteinx.contracts.faults import BUILT_IN
from worker import outcome
from worker.cache import Cache
from worker.checkpoints import BadManifest, _read
from worker.forwarder import batches
from worker.insist import Fenced, Insistence
from worker.job_files import pinned
from worker.layout import AttemptKey, take_lock, write_json
from worker.spool import Spool


def test_a_spool_gives_back_what_was_not_confirmed(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    for n in range(5):
        spool.append({"n": n})
    entries, end = spool.read()
    assert [entry["n"] for entry in entries] == [0, 1, 2, 3, 4]
    spool.confirm(end)
    spool.append({"n": 5})
    assert [entry["n"] for entry in Spool(tmp_path / "s").read()[0]] == [5]


def test_a_torn_last_line_is_dropped(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.append({"n": 1})
    with (tmp_path / "s").open("ab") as file:
        file.write(b'{"n": 2, "half')
    again = Spool(tmp_path / "s")
    again.append({"n": 3})
    assert [entry["n"] for entry in again.read()[0]] == [1, 3]


def test_an_entry_longer_than_one_read_arrives(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.append({"text": "x" * 3_000_000})
    spool.append({"n": 2})
    entries, end = spool.read()
    assert len(entries[0]["text"]) == 3_000_000
    spool.confirm(end)
    assert [entry["n"] for entry in spool.read()[0]] == ([2] if len(entries) == 1 else [])


def test_a_spool_shrinks_when_all_is_sent(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    for _ in range(12):
        spool.append({"text": "x" * 3_000_000})
    while spool.wait_for_work(0):
        spool.confirm(spool.read()[1])
    assert (tmp_path / "s").stat().st_size == 0
    spool.append({"n": 1})
    assert [entry["n"] for entry in Spool(tmp_path / "s").read()[0]] == [1]


_items = st.one_of(
    st.tuples(st.just("metric"), st.fixed_dictionaries({"key": st.sampled_from("ab"), "step": st.integers(0, 9)})),
    st.tuples(st.just("tag"), st.fixed_dictionaries({"key": st.sampled_from("abc"), "value": st.integers(0, 9)})),
    st.tuples(st.just("delete_tag"), st.sampled_from("abc")),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_items, max_size=60))
def test_batches_keep_order_and_end_in_the_same_tags(items: list) -> None:  # type: ignore[type-arg]
    made = list(batches(items))
    assert [item for batch in made for item in batch] == items
    for batch in made:
        tags = [body["key"] for kind, body in batch if kind == "tag"]
        assert len(tags) == len(set(tags))
        assert len(batch) == 1 or all(kind != "delete_tag" for kind, _ in batch)


def _never(_: float) -> None:
    raise AssertionError("nobody else is at it")


def test_the_cache_lets_the_least_recently_used_go(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=250)
    for n in range(5):
        path = cache.blob(f"{n}", lambda to: to.write_bytes(b"x" * 100), _never)  # type: ignore[arg-type, return-value]
        os.utime(path, (n, n))
    cache.blob("0", _fail, _never)  # used again: now the newest
    assert cache.trim(in_use={"1"}) == ["2", "3", "4"]
    assert sorted(path.name for path in cache.blobs.iterdir()) == ["0", "1"]
    cache.blob("5", lambda to: to.write_bytes(b"x" * 900), _never)  # type: ignore[arg-type, return-value]
    assert cache.trim(in_use=set()) == ["1"]  # what was fetched just now stays, over the limit or not


def _fail(_: Path) -> None:
    raise AssertionError("it is there already")


def test_two_that_want_the_same_blob_fetch_it_once(tmp_path: Path) -> None:
    cache = Cache(tmp_path, limit=1000)
    started, go = threading.Event(), threading.Event()
    fetched = []

    def fetch(to: Path) -> None:
        fetched.append(to)
        started.set()
        go.wait(60)
        to.write_bytes(b"x")

    def wait(seconds: float) -> None:
        go.set()  # the second one waits: let the first one go on
        threading.Event().wait(seconds)

    first = threading.Thread(target=cache.blob, args=("a", fetch, wait))
    first.start()
    assert started.wait(60)
    assert cache.blob("a", fetch, wait).read_bytes() == b"x"
    first.join()
    assert len(fetched) == 1


def test_insistence_waits_out_what_time_mends() -> None:
    answers = [ApiError("x", "x", 503), ApiError("x", "x", 507), ApiError("x", "x", 429), ApiError("x", "x", 500), None]

    def call() -> str:
        answer = answers.pop(0)
        if answer is not None:
            raise answer
        return "done"

    assert Insistence(0.001, 0.002)(call, "test") == "done"


def test_insistence_gives_up_where_it_is_refused_or_fenced() -> None:
    def refuse(status: int) -> None:
        raise ApiError("code", "detail", status)

    insist = Insistence(0.001, 0.002)
    with pytest.raises(ApiError):
        insist(lambda: refuse(422), "test")
    assert not insist.fenced.is_set()
    with pytest.raises(Fenced):
        insist(lambda: refuse(410), "test")
    assert insist.fenced.is_set()


@pytest.mark.parametrize(
    ("status", "text", "kills", "words"),
    [
        (9, "", 0, "out of memory"),
        (9, "", 1, "out of memory: ask for more memory"),
        (11, "", 0, "killed by SIGSEGV (exit code 139)"),
        (1 << 8, "torch.OutOfMemoryError: CUDA out of memory", 0, "out of memory"),
        (3 << 8, "", 0, "exit code 3"),
        ((126) << 8, "", 0, "could not be started"),
    ],
)
def test_reasons(tmp_path: Path, status: int, text: str, kills: int, words: str) -> None:
    (tmp_path / "log").write_text(text)
    found = outcome.classify(status, tmp_path / "log", memory_kills=kills, rules=BUILT_IN)
    assert found.outcome == "failed" and found.fault == "user"
    assert words in found.reason


def test_a_rule_tells_whose_fault_it_is(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("step 7\nOSError: [Errno 28] No space left on device\n")
    found = outcome.classify(1 << 8, tmp_path / "log", memory_kills=0, rules=BUILT_IN)
    assert (found.fault, found.rule, found.reason) == ("infra", "disk_full", "disk full on the worker (exit code 1)")
    assert not found.keeps_outputs
    assert found.finish(0).rule == "disk_full"
    (tmp_path / "log").write_text("Connection reset by peer")
    alone = outcome.classify(1 << 8, tmp_path / "log", memory_kills=0, rules=BUILT_IN)
    gang = outcome.classify(1 << 8, tmp_path / "log", memory_kills=0, rules=BUILT_IN, gang=True)
    assert (alone.fault, gang.fault, gang.rule) == ("user", "infra", "peer_lost")


def test_the_tail_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"\xff" * 500_000 + "\n最后".encode())
    lines = outcome.tail(tmp_path / "log")
    assert lines[-1] == "最后"
    assert max(len(line) for line in lines) <= 2000


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        '{"step": "1", "files": ["a"]}',
        '{"step": -1, "files": ["a"]}',
        '{"step": 1}',
        '{"step": 1, "files": []}',
        '{"step": 1, "files": ["../a"]}',
        '{"step": 1, "files": ["/etc/passwd"]}',
    ],
)
def test_bad_manifests_are_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "m.manifest.json").write_text(content)
    with pytest.raises(BadManifest):
        _read(tmp_path, "m.manifest.json")


def test_pinned_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    folder = tmp_path / "job"
    (folder / "real").mkdir(parents=True)
    (folder / "real" / "file").write_text("f")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "dir").symlink_to(tmp_path)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pinned(folder, "real/file") as path:
        (folder / "real" / "file").unlink()
        assert path.read_text() == "f"  # this very file, whatever became of its name
    for bad in ("link", "dir/secret", "none"):
        with pytest.raises(OSError), pinned(folder, bad):
            raise AssertionError("opened")
    with pytest.raises(ValueError), pinned(folder, "../secret"):
        raise AssertionError("opened")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_locks_belong_to_one(tmp_path: Path) -> None:
    lock = take_lock(tmp_path / "l")
    assert lock is not None
    assert take_lock(tmp_path / "l") is None
    os.close(lock)
    again = take_lock(tmp_path / "l")
    assert again is not None
    os.close(again)


def test_keys_and_json_round_trip(tmp_path: Path) -> None:
    key = AttemptKey("ab" * 16, 3, 1)
    assert AttemptKey.parse(str(key)) == key
    write_json(tmp_path / "x", {"a": "蛋白"})
    assert json.loads((tmp_path / "x").read_text()) == {"a": "蛋白"}
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o600
