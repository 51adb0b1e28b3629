"""The store is looked through: what the database names must be there, as it was put there."""

import hashlib
from typing import Any

from sqlalchemy import select

from app.clock import now
from app.models import Artifact, AuditEntry, Checkpoint
from app.storage import keys
from app.workdir import checking
from app.workdir.checking import Looker
from tests.app.lab import Lab

BYTES = b"0123456789"
SHA = hashlib.sha256(BYTES).hexdigest()


def job_with_files(lab: Lab) -> str:
    """Two artifacts and a checkpoint, whole."""
    job = str(lab.submit()["id"])
    places = {path: f"{keys.artifacts(job)}/{path}" for path in ("model.bin", "表 one.csv")}
    step = keys.checkpoint(job, 1, 5, "w")
    with lab.db.write() as session:
        for path in places:
            session.add(Artifact(job_id=job, path=path, attempt=1, sha256=SHA, size=len(BYTES), created_at=now()))
        row = Checkpoint(job_id=job, step=5, attempt=1, manifest={}, best=False, size=len(BYTES), created_at=now())
        row.files = [{"path": "w", "sha256": SHA, "size": len(BYTES), "key": step}]
        session.add(row)
    for key in (*places.values(), step):
        lab.master.storage.write_bytes(key, BYTES)
    return job


def check(lab: Lab, **query: Any) -> dict[str, Any]:
    reply = lab.as_("admin").get("/api/workdir/faults", params=query)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def test_what_is_whole_is_well_and_what_is_not_is_named(lab: Lab) -> None:
    job = job_with_files(lab)
    told = check(lab, content=True)
    assert told["faults"] == []
    assert told["files"] == 4, "two artifacts, a checkpoint, the project's code"
    assert told["next"] is None
    storage = lab.master.storage
    storage.delete(keys.checkpoint(job, 1, 5, "w"))
    storage.write_bytes(f"{keys.artifacts(job)}/model.bin", b"shorter")
    storage.write_bytes(f"{keys.artifacts(job)}/表 one.csv", b"012345678X")
    found = {(fault["what"], fault["state"], fault["key"].split("/")[-1]) for fault in check(lab)["faults"]}
    assert found == {("checkpoint", "missing", "w"), ("artifact", "changed", "model.bin")}
    read = check(lab, content=True)["faults"]
    assert ("artifact", "changed", "表 one.csv") in {(f["what"], f["state"], f["key"].split("/")[-1]) for f in read}
    assert {fault["of"] for fault in read} == {job}


def test_it_goes_on_page_by_page(lab: Lab) -> None:
    job_with_files(lab)
    seen, cursor = 0, None
    for _ in range(4):
        part = checking.page(lab.master, content=False, cursor=cursor, seconds=0)
        seen, cursor = seen + part.files, part.next
    assert (seen, cursor) == (4, None)


def test_the_masters_own_round_tells_the_audit_log(lab: Lab) -> None:
    job = job_with_files(lab)
    looker = Looker(lab.master)
    looker.turn()
    lab.master.storage.delete(f"{keys.artifacts(job)}/model.bin")
    looker.turn()  # it rests
    with lab.db.read() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "store.fault")).all() == []
    Looker(lab.master).turn()
    with lab.db.read() as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "store.fault"))
    assert entry.detail["faults"] == 1
    assert entry.detail["first"][0]["key"].endswith("model.bin")


def test_only_admins_may_look(lab: Lab) -> None:
    assert lab.as_("alice").get("/api/workdir/faults").status_code == 403
