"""Projects over HTTP: a lab's own code comes as a snapshot, built-in projects follow the source tree."""

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Upload
from app.projects import adding
from app.projects.service import resolve_snapshot
from app.settings import Settings
from proteinx.contracts import snapshot
from tests.app.datasets.test_datasets import stored
from tests.app.lab import Lab
from tests.app.projects.conftest import FILES, write
from tests.app.sending import send, send_project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "mine", FILES)


@pytest.fixture
def built_in(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source tree with one project."""
    home = write(tmp_path / "tree/projects/house", FILES)
    monkeypatch.setattr(Settings, "built_in_projects", home.parent)
    return home


def test_a_lab_brings_its_code(lab: Lab, folder: Path, tmp_path: Path) -> None:
    view = send_project(lab.as_("alice"), "toy", folder, tmp_path / "packed").json()
    tree = snapshot.collect(folder)
    assert view["digest"] == snapshot.digest(tree)
    assert (view["files"], view["project_path"]) == (len(tree.files), ".")
    assert [(e["name"], e["config_name"]) for e in view["entry_points"]] == [("main", "train"), ("plain", None)]
    archive = lab.as_("vera").get(f"/api/snapshots/{view['digest']}").content
    assert len(archive) == view["size"]
    (tmp_path / "got").write_bytes(archive)
    snapshot.unpack(tmp_path / "got", tmp_path / "opened", view["digest"])
    project = lab.as_("vera").get("/api/projects/toy").json()
    assert (project["owner"], project["snapshot"]["digest"]) == ("alice", view["digest"])
    assert list((lab.workdir / "uploads").iterdir()) == []


def test_snapshots_in_order_and_the_same_again(lab: Lab, folder: Path, tmp_path: Path) -> None:
    client = lab.as_("alice")
    first = send_project(client, "toy", folder, tmp_path / "a").json()["digest"]
    (folder / "train.py").write_text(FILES["train.py"] + "# more\n")
    second = send_project(client, "toy", folder, tmp_path / "b").json()["digest"]
    assert send_project(client, "toy", folder, tmp_path / "c").json()["digest"] == second
    assert [s["digest"] for s in client.get("/api/projects/toy/snapshots").json()] == [second, first]
    with lab.db.write() as session:
        for wanted, found in ((None, second), (first, first), (first[:10], first)):
            assert resolve_snapshot(session, lab.master, "toy", wanted)[1].digest == found


def test_the_same_code_sent_twice_at_once(
    lab: Lab, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both come by one upload, which the first of them has used while the other still reads it."""
    client = lab.as_("alice")
    first = send_project(client, "toy", folder, tmp_path / "a").json()["digest"]
    describe = adding.rows.describe

    def meanwhile(*arguments: Any) -> Any:
        with lab.db.write() as session:
            for upload in session.scalars(select(Upload)):
                session.delete(upload)
        return describe(*arguments)

    monkeypatch.setattr(adding.rows, "describe", meanwhile)
    again = send_project(client, "toy", folder, tmp_path / "b")
    assert (again.status_code, again.json()["digest"]) == (200, first)


def test_two_projects_may_have_the_same_code(lab: Lab, folder: Path, tmp_path: Path) -> None:
    digests = {send_project(lab.as_(who), who, folder, tmp_path / who).json()["digest"] for who in ("alice", "bob")}
    assert len(digests) == 1
    owners = {project["name"]: project["owner"] for project in lab.as_("vera").get("/api/projects").json()}
    assert (owners["alice"], owners["bob"]) == ("alice", "bob")


def test_only_owner_and_admin_add(lab: Lab, folder: Path, tmp_path: Path) -> None:
    assert send_project(lab.as_("alice"), "toy", folder, tmp_path / "a").status_code == 200
    assert send_project(lab.as_("bob"), "toy", folder, tmp_path / "b").status_code == 403
    assert send_project(lab.as_("admin"), "toy", folder, tmp_path / "c").status_code == 200


def hostile(name: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for member in ("MLproject", name):
            info = tarfile.TarInfo(member)
            info.size = 1
            archive.addfile(info, io.BytesIO(b"x"))
    return out.getvalue()


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "a/../../evil", "a\\evil"])
def test_zip_slip_is_refused_with_the_members_name(lab: Lab, name: str) -> None:
    client = lab.as_("alice")
    cache = lab.settings.state / "compose-cache"
    before = sorted(cache.glob("*"))
    body = {"upload_id": send(client, hostile(name)), "digest": "0" * 64}
    reply = client.post("/api/projects/toy/snapshots", json=body)
    assert (reply.status_code, reply.json()["error"], reply.json()["field"]) == (422, "bad_path", name)
    assert list(lab.workdir.parent.rglob("*evil*")) == []
    assert stored(lab) == []
    assert sorted(cache.iterdir()) == before
    assert client.get("/api/projects/toy").status_code == 404


@pytest.mark.parametrize("content", [b"no archive", b""])
def test_what_is_no_archive(lab: Lab, content: bytes) -> None:
    client = lab.as_("alice")
    body = {"upload_id": send(client, content), "digest": "0" * 64}
    assert client.post("/api/projects/toy/snapshots", json=body).json()["error"] == "bad_archive"


def test_another_digest_than_said(lab: Lab, folder: Path, tmp_path: Path) -> None:
    client = lab.as_("alice")
    snapshot.pack(snapshot.collect(folder), tmp_path / "packed")
    body = {"upload_id": send(client, (tmp_path / "packed").read_bytes()), "digest": "0" * 64}
    assert client.post("/api/projects/toy/snapshots", json=body).json()["error"] == "digest_mismatch"


def test_a_broken_mlproject(lab: Lab, folder: Path, tmp_path: Path) -> None:
    (folder / "MLproject").write_text("entry_points: {on: {command: x}}")
    reply = send_project(lab.as_("alice"), "toy", folder, tmp_path / "packed")
    assert (reply.status_code, reply.json()["error"]) == (422, "bad_mlproject")
    assert lab.as_("alice").get("/api/projects/toy").status_code == 404


@pytest.mark.parametrize("name", ["..", "a b", ".hidden", "a%2Fb", "x" * 101])
def test_no_project_name_leads_out(lab: Lab, folder: Path, tmp_path: Path, name: str) -> None:
    assert send_project(lab.as_("alice"), name, folder, tmp_path / "packed").status_code in (404, 405, 422)


def test_built_in_projects_follow_the_source_tree(lab: Lab, built_in: Path) -> None:
    client = lab.as_("vera")
    first = client.get("/api/projects/house").json()
    assert (first["owner"], first["snapshot"]["source"]["kind"]) == (None, "built-in")
    assert client.get("/api/projects/house").json()["snapshot"]["digest"] == first["snapshot"]["digest"]
    (built_in / "train.py").write_text("changed = 1\n")
    second = client.get("/api/projects/house").json()["snapshot"]["digest"]
    assert second != first["snapshot"]["digest"]
    assert len(client.get("/api/projects/house/snapshots").json()) == 2
    (built_in / "train.py").write_text(FILES["train.py"])
    assert client.get("/api/projects/house").json()["snapshot"]["digest"] == first["snapshot"]["digest"]


def test_a_built_in_name_is_taken(lab: Lab, built_in: Path, folder: Path, tmp_path: Path) -> None:
    reply = send_project(lab.as_("admin"), "house", folder, tmp_path / "packed")
    assert (reply.status_code, reply.json()["error"]) == (409, "built_in")


def test_a_broken_built_in_says_so_where_it_is_used(lab: Lab, built_in: Path) -> None:
    client = lab.as_("alice")
    client.get("/api/projects/house")
    (built_in / "MLproject").write_text("entry_points: {main: {}}")
    assert [p["name"] for p in client.get("/api/projects").json()] == ["greet", "house"]
    reply = client.get("/api/projects/house")
    assert (reply.status_code, reply.json()["error"]) == (422, "bad_mlproject")


def test_unknown_projects_name_the_nearest(lab: Lab, built_in: Path) -> None:
    reply = lab.as_("alice").get("/api/projects/hose")
    assert reply.status_code == 404
    assert "'house'" in reply.json()["detail"]


def test_a_job_of_an_uploaded_project(lab: Lab, folder: Path, tmp_path: Path) -> None:
    """An attempt reads the snapshot that it runs, and no other."""
    mine = send_project(lab.as_("alice"), "toy", folder, tmp_path / "a").json()["digest"]
    (folder / "other.txt").write_text("x")
    other = send_project(lab.as_("alice"), "toy", folder, tmp_path / "b").json()["digest"]
    body = {"project": "toy", "snapshot": mine, "entry_point": "train.py", "overrides": []}
    refused = lab.as_("alice").post("/api/jobs", json=body)
    assert (refused.status_code, refused.json()["error"]) == (422, "missing_value")
    agent = lab.agent("n1")
    job = lab.submit()["id"]
    lab.set_job(job, snapshot=mine)
    lab.schedule()
    client = agent.take(job).client
    assert client.get(f"/api/snapshots/{mine}").status_code == 200
    assert client.get(f"/api/snapshots/{other}").status_code == 403
