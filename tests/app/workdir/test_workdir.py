"""Where the files go: set once, checked, kept in the database, changeable while empty."""

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from app.settings import REPOSITORY
from app.workdir.service import LAYOUT
from tests.app.front_door import House, bearer, house

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def home(tmp_path: Path):
    with house(tmp_path / "home") as made:
        yield made


@pytest.fixture
def admin(home: House) -> str:
    return home.set_up()


@pytest.fixture(autouse=True)
def _no_mlflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests set workdirs many times and need no server on each."""
    monkeypatch.setattr("app.tracking.server.MlflowServer.start", lambda _: None)


def _put(home: House, token: str, path: object):
    return home.client.put("/api/workdir", json={"path": str(path)}, headers=bearer(token))


def test_it_is_created_with_its_folders_and_remembered(tmp_path: Path) -> None:
    path = tmp_path / "数据 盘" / "lab"
    with house(tmp_path / "home") as home:
        admin = home.set_up()
        assert home.client.get("/api/workdir", headers=bearer(admin)).json()["problem"].startswith("not set")
        view = _put(home, admin, path).json()
        assert (view["path"], view["writable"], view["changeable"], view["problem"]) == (str(path), True, True, None)
        assert {child.name for child in path.iterdir()} == set(LAYOUT)
    with house(tmp_path / "home") as home:
        assert home.app.state.master.storage.require() == path


def test_environment_sets_it_at_the_first_start_only(tmp_path: Path) -> None:
    with house(tmp_path / "home", workdir=tmp_path / "one") as home:
        assert home.app.state.master.storage.require() == tmp_path / "one"
    with house(tmp_path / "home", workdir=tmp_path / "two") as home:
        assert home.app.state.master.storage.require() == tmp_path / "one"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("relative/path", "workdir_not_absolute"),
        ("", "invalid_request"),
        ("{state}", "workdir_misplaced"),
        ("{state}/data", "workdir_misplaced"),
        ("{tmp}", "workdir_misplaced"),
        (str(REPOSITORY), "workdir_misplaced"),
        (str(REPOSITORY / "platform" / "data"), "workdir_misplaced"),
        ("{tmp}/link/data", "workdir_misplaced"),
        ("{tmp}/file/data", "workdir_not_writable"),
        ("/proc/data", "workdir_not_writable"),
    ],
)
def test_bad_places_are_refused_by_name(home: House, admin: str, tmp_path: Path, path: str, code: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(home.state)
    reply = _put(home, admin, path.format(state=home.state, tmp=tmp_path))
    assert (reply.status_code, reply.json()["error"], reply.json()["field"]) == (422, code, "path")


def test_a_full_disk_is_refused(home: House, admin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 10**8))
    assert _put(home, admin, tmp_path / "data").json()["error"] == "workdir_full"


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_read_only_folder_is_refused(home: House, admin: str, tmp_path: Path) -> None:
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o500)
    assert _put(home, admin, folder).json()["error"] == "workdir_not_writable"


def test_it_moves_only_while_empty(home: House, admin: str, tmp_path: Path) -> None:
    assert _put(home, admin, tmp_path / "one").status_code == 200
    assert _put(home, admin, tmp_path / "two").status_code == 200
    (tmp_path / "two" / "artifacts" / "run").mkdir()
    refused = _put(home, admin, tmp_path / "three")
    assert (refused.status_code, refused.json()["error"]) == (409, "workdir_in_use")
    assert _put(home, admin, tmp_path / "two").status_code == 200
    assert home.client.get("/api/workdir", headers=bearer(admin)).json()["changeable"] is False


def test_it_is_an_admins_to_set_and_the_log_has_it(home: House, admin: str, tmp_path: Path) -> None:
    member = home.add(admin, "bo")
    assert _put(home, member, tmp_path / "one").status_code == 403
    _put(home, admin, tmp_path / "one")
    entry = home.audit(admin)[0]
    assert (entry["actor"], entry["action"], entry["object"]) == ("user:ada", "workdir.set", str(tmp_path / "one"))


def test_mlflow_says_what_it_waits_for(home: House, admin: str) -> None:
    reply = home.client.get("/mlflow/", headers=bearer(admin))
    assert (reply.status_code, reply.json()["error"]) == (503, "mlflow_unavailable")
    assert reply.headers["retry-after"]


def test_settings_are_read_by_all_and_set_by_admins(home: House, admin: str) -> None:
    member = home.add(admin, "bo")
    present = home.client.get("/api/settings", headers=bearer(member)).json()
    assert present["lease_seconds"] == 120
    assert home.client.put("/api/settings", json=present, headers=bearer(member)).status_code == 403
    reply = home.client.put("/api/settings", json={**present, "lease_seconds": 60}, headers=bearer(admin))
    assert reply.json()["lease_seconds"] == 60
    assert home.audit(admin)[0]["detail"] == {"lease_seconds": 60}
    bad = home.client.put("/api/settings", json={**present, "lease_seconds": 0}, headers=bearer(admin))
    assert (bad.status_code, bad.json()["field"]) == (422, "lease_seconds")
