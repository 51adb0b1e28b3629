"""Uploads over HTTP: resumed, torn, doubled, wrong, too large, on a full disk, somebody else's."""

import os
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now
from app.models import Upload
from app.scheduling import upkeep
from app.storage.local import LocalStorage
from app.uploads.staging import Staging
from proteinx.contracts.protocol import HEADER_SHA256, PART_SIZE
from tests.app.lab import Agent, Lab, RunningMember
from tests.app.sending import open_upload, put_part, send, sha

TWO_PARTS = os.urandom(1024) * (PART_SIZE // 1024) + b"the rest"


def staged(lab: Lab, upload_id: str) -> bytes:
    return (lab.workdir / "uploads" / upload_id / "data").read_bytes()


def test_whole_way(lab: Lab) -> None:
    client = lab.as_("alice")
    upload_id = send(client, TWO_PARTS)
    view = client.get(f"/api/uploads/{upload_id}").json()
    assert view["complete"]
    assert view["received"] == [0, 1]
    assert staged(lab, upload_id) == TWO_PARTS


def test_nothing_at_all_is_a_file_too(lab: Lab) -> None:
    assert staged(lab, send(lab.as_("alice"), b"")) == b""


def test_goes_on_where_it_stopped(lab: Lab) -> None:
    client = lab.as_("alice")
    first = open_upload(client, TWO_PARTS)
    put_part(client, first["id"], 1, TWO_PARTS[PART_SIZE:])
    again = open_upload(client, TWO_PARTS)
    assert (again["id"], again["received"]) == (first["id"], [1])
    missing = client.post(f"/api/uploads/{first['id']}/complete")
    assert (missing.status_code, missing.json()["error"]) == (409, "incomplete")
    assert "Part 0" in missing.json()["detail"]
    assert send(client, TWO_PARTS) == first["id"]
    assert staged(lab, first["id"]) == TWO_PARTS


def test_a_restarted_master_goes_on_too(lab: Lab) -> None:
    """What a process knows of an upload beside the disk may be lost at any time."""
    client = lab.as_("alice")
    upload = open_upload(client, TWO_PARTS)
    put_part(client, upload["id"], 0, TWO_PARTS[:PART_SIZE])
    Staging(lab.workdir / "uploads" / upload["id"], len(TWO_PARTS)).forget()
    assert send(client, TWO_PARTS) == upload["id"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"short", {}, 422, "part_torn"),
        (b"wrong conten", {HEADER_SHA256: sha(b"right conten")}, 422, "part_hash"),
        (b"much more than the part has", {}, 413, "part_too_large"),
        (b"wrong conten", {HEADER_SHA256: "no hash"}, 422, "invalid_request"),
    ],
)
def test_a_bad_part_is_not_received(lab: Lab, body: bytes, headers: dict, status: int, code: str) -> None:
    client = lab.as_("alice")
    upload = open_upload(client, b"right conten")
    reply = put_part(client, upload["id"], 0, body, **headers)
    assert (reply.status_code, reply.json()["error"]) == (status, code)
    assert client.get(f"/api/uploads/{upload['id']}").json()["received"] == []


def test_part_without_length(lab: Lab) -> None:
    client = lab.as_("alice")
    upload = open_upload(client, b"abc")
    headers = {HEADER_SHA256: sha(b"abc")}
    reply = client.put(f"/api/uploads/{upload['id']}/parts/0", content=iter([b"abc"]), headers=headers)
    assert (reply.status_code, reply.json()["error"]) == (411, "length_required")


@pytest.mark.parametrize("number", [1, 10**6])
def test_part_that_is_none(lab: Lab, number: int) -> None:
    client = lab.as_("alice")
    assert put_part(client, open_upload(client, b"abc")["id"], number, b"abc").json()["error"] == "bad_part"


def test_content_that_is_not_what_was_announced_is_forgotten(lab: Lab) -> None:
    client = lab.as_("alice")
    upload = open_upload(client, b"abc", sha256=sha(b"xyz"))
    put_part(client, upload["id"], 0, b"abc")
    reply = client.post(f"/api/uploads/{upload['id']}/complete")
    assert (reply.status_code, reply.json()["error"]) == (422, "wrong_hash")
    assert client.get(f"/api/uploads/{upload['id']}").status_code == 404
    assert list((lab.workdir / "uploads").iterdir()) == []


def test_a_part_that_the_disk_damaged_is_asked_for_again(lab: Lab) -> None:
    client = lab.as_("alice")
    upload = open_upload(client, TWO_PARTS)
    for number in (0, 1):
        put_part(client, upload["id"], number, TWO_PARTS[number * PART_SIZE :][:PART_SIZE])
    folder = lab.workdir / "uploads" / upload["id"]
    Staging(folder, len(TWO_PARTS)).forget()
    with (folder / "data").open("rb+") as file:
        file.write(b"damaged")
    reply = client.post(f"/api/uploads/{upload['id']}/complete")
    assert (reply.status_code, reply.json()["error"]) == (409, "incomplete")
    assert client.get(f"/api/uploads/{upload['id']}").json()["received"] == [1]
    assert send(client, TWO_PARTS) == upload["id"]
    assert staged(lab, upload["id"]) == TWO_PARTS


def test_two_at_once_send_the_same(lab: Lab) -> None:
    replies: list[int] = []

    def run() -> None:
        client = lab.as_("alice")
        upload = open_upload(client, TWO_PARTS)
        for number in (0, 1):
            replies.append(
                put_part(client, upload["id"], number, TWO_PARTS[number * PART_SIZE :][:PART_SIZE]).status_code
            )

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [204] * 8
    assert staged(lab, send(lab.as_("alice"), TWO_PARTS)) == TWO_PARTS


def test_other_content_for_a_part_takes_it_over(lab: Lab) -> None:
    upload = open_upload(lab.as_("alice"), b"right")
    staging = Staging(lab.workdir / "uploads" / upload["id"], 5)
    older = staging.writer(0, sha(b"wrong"))
    older.write(b"wro")
    newer = staging.writer(0, sha(b"right"))
    newer.write(b"right")
    with pytest.raises(Exception, match="other content"):
        older.write(b"ng")
    newer.commit()
    assert staging.received() == [0]
    assert staging.finish() == sha(b"right")


def test_a_part_sent_again_with_other_content_counts_anew(lab: Lab) -> None:
    client = lab.as_("alice")
    upload = open_upload(client, b"right")
    assert put_part(client, upload["id"], 0, b"wrong").status_code == 204
    assert put_part(client, upload["id"], 0, b"right").status_code == 204
    assert client.post(f"/api/uploads/{upload['id']}/complete").status_code == 200


def test_a_complete_upload_takes_no_parts(lab: Lab) -> None:
    client = lab.as_("alice")
    upload_id = send(client, b"abc")
    assert put_part(client, upload_id, 0, b"xyz").json()["error"] == "already_complete"
    assert client.post(f"/api/uploads/{upload_id}/complete").status_code == 200
    assert staged(lab, upload_id) == b"abc"


def test_uploads_are_their_owners_alone(lab: Lab) -> None:
    upload = open_upload(lab.as_("alice"), b"abc")
    for who in ("bob", "admin"):
        assert lab.as_(who).get(f"/api/uploads/{upload['id']}").status_code == 404
        assert put_part(lab.as_(who), upload["id"], 0, b"abc").status_code == 404
        assert open_upload(lab.as_(who), b"abc")["id"] != upload["id"]
    viewer = lab.as_("vera").post("/api/uploads", json={"sha256": sha(b"a"), "size": 1})
    assert viewer.status_code == 403


def test_too_large(lab: Lab) -> None:
    reply = lab.as_("alice").post("/api/uploads", json={"sha256": sha(b""), "size": 64 * 1024**3 + 1})
    assert (reply.status_code, reply.json()["error"]) == (413, "too_large")


def test_too_little_room(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    client = lab.as_("alice")
    upload = open_upload(client, b"abc")
    monkeypatch.setattr(LocalStorage, "free_bytes", lambda self: 1000)
    reply = client.post("/api/uploads", json={"sha256": sha(b"x"), "size": 1})
    assert (reply.status_code, reply.json()["error"]) == (507, "no_space")
    assert put_part(client, upload["id"], 0, b"abc").status_code == 507


def test_what_nobody_goes_on_with_goes_away(lab: Lab) -> None:
    client = lab.as_("alice")
    old = open_upload(client, b"old")
    with lab.db.write() as session:
        session.get_one(Upload, old["id"]).touched_at = now() - timedelta(days=8)
    new = open_upload(client, b"new")
    assert [path.name for path in (lab.workdir / "uploads").iterdir()] == [new["id"]]


def test_what_an_ended_job_had_begun_to_send_goes(lab: Lab) -> None:
    """An attempt that was torn away in mid-upload leaves nothing; the next one of a living job goes on with it."""
    agent = lab.agent("gpu1")
    ended, living = (_member_with_upload(lab, agent) for _ in range(2))
    ended.finish("failed", fault="user", exit_code=1)
    living.finish("preempted", reason="the worker was stopped")
    people = open_upload(lab.as_("alice"), b"a person's")["id"]
    upkeep.drop_stale_uploads(lab.master)
    with lab.db.read() as session:
        left = {upload.owner for upload in session.scalars(select(Upload))}
        ids = {upload.id for upload in session.scalars(select(Upload))}
    assert {owner.split(":")[0] for owner in left} == {"job", "user"}
    assert f"job:{living.spec['job_id']}.0" in left
    assert f"job:{ended.spec['job_id']}.0" not in left
    assert {path.name for path in (lab.workdir / "uploads").iterdir()} == ids
    assert people in ids


def _member_with_upload(lab: Lab, agent: Agent) -> RunningMember:
    job = lab.submit()
    lab.schedule()
    member = agent.take(job["id"], "running")
    open_upload(member.client, job["id"].encode())
    return member
