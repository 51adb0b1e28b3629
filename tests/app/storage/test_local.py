"""The storage on disk: whole or not at all, appends by offset, no key leads out, a full disk says so."""

import errno
import os
import subprocess
import threading
from pathlib import Path

import pytest

from app.errors import Conflict, NoSpace, NotFound, Unavailable, Unprocessable
from app.storage import local
from app.storage.local import LocalStorage
from tests.proteinx.contracts.test_paths import TRAVERSALS


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    (tmp_path / "workdir").mkdir()
    return LocalStorage(lambda: tmp_path / "workdir")


def content(storage: LocalStorage, key: str, start: int = 0, length: int | None = None) -> bytes:
    return b"".join(storage.read(key, start, length))


@pytest.mark.parametrize("key", TRAVERSALS)
def test_no_key_leads_out(storage: LocalStorage, tmp_path: Path, key: str) -> None:
    (tmp_path / "x").write_text("secret")
    for call in (
        lambda: storage.write_bytes(key, b""),
        lambda: storage.append(key, 0, b""),
        lambda: storage.read(key),
        lambda: storage.size(key),
        lambda: list(storage.list(key)),
        lambda: storage.delete(key),
        lambda: storage.adopt(key, tmp_path / "x"),
    ):
        with pytest.raises(Unprocessable) as caught:
            call()
        assert caught.value.code == "bad_path"
    assert (tmp_path / "x").read_text() == "secret"


def test_links_are_not_followed(storage: LocalStorage, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "workdir/link").symlink_to(tmp_path / "secret")
    with pytest.raises(NotFound):
        storage.read("link")
    assert storage.size("link") is None
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        storage.append("link", 0, b"x")
    storage.write_bytes("link", b"mine")
    assert (tmp_path / "secret").read_text() == "secret"


def test_adopt_moves_and_replaces(storage: LocalStorage, tmp_path: Path) -> None:
    for text in (b"one", b"two"):
        (tmp_path / "source").write_bytes(text)
        storage.adopt("数据/a b.csv", tmp_path / "source")
        assert content(storage, "数据/a b.csv") == text
    assert not (tmp_path / "source").exists()


def test_reads_ranges(storage: LocalStorage) -> None:
    storage.write_bytes("f", b"0123456789")
    assert content(storage, "f", 3) == b"3456789"
    assert content(storage, "f", 3, 2) == b"34"
    assert content(storage, "f", 20) == b""


@pytest.mark.parametrize("key", ["gone", "folder", "folder/f/below"])
def test_what_is_no_file_is_not_found(storage: LocalStorage, key: str) -> None:
    storage.write_bytes("folder/f", b"")
    assert storage.size(key) is None
    with pytest.raises(NotFound):
        storage.read(key)
    with pytest.raises(NotFound):
        storage.move(key, "elsewhere")


def test_append_by_offset(storage: LocalStorage) -> None:
    assert storage.append("log", 0, b"abc") == 3
    assert storage.append("log", 0, b"abcde") == 5
    assert storage.append("log", 1, b"bc") == 5
    with pytest.raises(Conflict) as caught:
        storage.append("log", 6, b"x")
    assert caught.value.code == "offset_gap"
    assert "offset 5" in caught.value.detail
    assert content(storage, "log") == b"abcde"


def test_appends_of_the_same_at_once(storage: LocalStorage) -> None:
    text = b"".join(b"line %d\n" % n for n in range(2000))
    threads = [threading.Thread(target=storage.append, args=("log", 0, text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert content(storage, "log") == text


def test_list_and_delete(storage: LocalStorage) -> None:
    for key in ("a/2", "a/b/1", "a/.hidden", "ab"):
        storage.write_bytes(key, key.encode())
    assert list(storage.list("a")) == [("a/.hidden", 9), ("a/2", 3), ("a/b/1", 5)]
    assert list(storage.list("ab")) == [("ab", 2)]
    assert list(storage.list("gone")) == []
    storage.delete("a")
    storage.delete("gone")
    assert list(storage.list("a")) == []
    assert storage.size("ab") == 2


def test_a_write_that_fails_leaves_the_old(storage: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.write_bytes("f", b"old")

    def fail(path: Path) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(local, "_sync_file", fail)
    with pytest.raises(NoSpace) as caught:
        storage.write_bytes("f", b"new")
    assert caught.value.status == 507
    assert content(storage, "f") == b"old"
    assert list(storage.list("f")) == [("f", 3)]
    assert [path.name for path in storage.require().iterdir()] == ["f"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False)
    if mounted.returncode:
        pytest.skip("this container may not mount")
    try:
        storage = LocalStorage(lambda: disk)
        with pytest.raises(NoSpace):
            storage.write_bytes("f", bytes(1024**2))
        assert storage.size("f") is None
        assert storage.append("log", 0, b"abc") == 3
        with pytest.raises(NoSpace):
            storage.append("log", 3, bytes(1024**2))
        size = storage.size("log")
        assert size is not None
        assert content(storage, "log", 0, 3) == b"abc"
    finally:
        subprocess.run(["umount", disk], check=True)


def test_without_a_workdir() -> None:
    with pytest.raises(Unavailable) as caught:
        LocalStorage(lambda: None).size("f")
    assert caught.value.code == "workdir_unset"
