"""What the page tells an admin of a folder before it becomes the workdir."""

import os
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import REPOSITORY
from tests.app.front_door import House, bearer, house

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path / "home") as made:
        yield made


def ask(home: House, path: object) -> dict[str, Any]:
    reply = home.client.post("/api/workdir/check", json={"path": str(path)}, headers=bearer(home.set_up()))
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def test_a_folder_that_would_be_made_is_not_made(home: House, tmp_path: Path) -> None:
    path = tmp_path / "new" / "lab"
    told = ask(home, path)
    assert (told["path"], told["exists"], told["writable"], told["problem"]) == (str(path), False, True, None)
    assert told["free_bytes"] > 0
    assert not path.parent.exists()


def test_a_folder_that_is_there(home: House, tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    told = ask(home, tmp_path / "lab")
    assert (told["exists"], told["writable"], told["problem"]) == (True, True, None)


@pytest.mark.parametrize("path", ["relative", str(REPOSITORY / "platform"), "/"])
def test_a_place_where_it_may_not_be(home: House, path: str) -> None:
    told = ask(home, path)
    assert told["problem"]
    assert not told["writable"]


def test_a_file_is_no_folder(home: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "is a file" in ask(home, tmp_path / "file" / "below")["problem"]


def test_a_folder_that_can_not_be_written(home: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    told = ask(home, tmp_path / "lab" / "deep")
    assert (told["writable"], str(tmp_path) in told["problem"]) == (False, True)


def test_a_full_disk(home: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**12, 10**12, 10**6))
    assert "free" in ask(home, tmp_path / "lab")["problem"]


def test_only_an_admin_may_look(home: House, tmp_path: Path) -> None:
    member = home.add(home.set_up(), "mia")
    reply = home.client.post("/api/workdir/check", json={"path": str(tmp_path)}, headers=bearer(member))
    assert reply.status_code == 403
