"""What is kept of jobs that have ended: a dry run tells what would go, and nothing that matters ever does."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.clock import now
from app.models import Artifact, Checkpoint
from app.retention import service
from app.storage import keys
from tests.app.lab import Lab

ALL = {"checkpoints_days": 30, "logs_days": 30, "results_days": 30}
BIG = b"x" * 1000


def ended(lab: Lab, state: str = "succeeded", *, days: float = 40, **values: Any) -> str:
    """A job with three checkpoints, of which the second is the best, a log and a result."""
    job = str(lab.submit()["id"])
    lab.set_job(job, state=state, ended_at=now() - timedelta(days=days), **values)
    storage = lab.master.storage
    with lab.db.write() as session:
        for step in (1, 2, 3):
            key = keys.checkpoint(job, 1, step, "w")
            storage.write_bytes(key, BIG)
            row = Checkpoint(job_id=job, step=step, attempt=1, manifest={}, best=step == 2, created_at=now())
            row.files, row.size = [{"path": "w", "sha256": "0" * 64, "size": len(BIG), "key": key}], len(BIG)
            session.add(row)
        result = Artifact(job_id=job, path="model.bin", attempt=1, sha256="0" * 64, size=len(BIG))
        result.created_at = now()
        session.add(result)
    storage.write_bytes(f"logs/{job}/1.0.log", BIG)
    storage.write_bytes(f"{keys.artifacts(job)}/model.bin", BIG)
    return job


def files(lab: Lab, job: str) -> set[str]:
    """`<folder>/<name>` of each."""
    prefixes = (f"checkpoints/{job}", f"logs/{job}", keys.artifacts(job))
    return {"/".join(key.split("/")[-2:]) for prefix in prefixes for key, _ in lab.master.storage.list(prefix)}


WHOLE = {"1-1/w", "1-2/w", "1-3/w", "artifacts/model.bin"}


def test_a_dry_run_tells_and_the_run_does_what_it_told(lab: Lab) -> None:
    good, bad = ended(lab), ended(lab, "failed")
    admin = lab.as_("admin")

    told = admin.post("/api/retention/plan", json=ALL).json()

    assert told["checkpoints"] == {"jobs": 2, "files": 4, "bytes": 4000}
    assert told["logs"] == {"jobs": 2, "files": 2, "bytes": 2000}
    assert told["results"] == {"jobs": 1, "files": 1, "bytes": 1000}
    assert files(lab, good) >= WHOLE, "nothing is removed"
    assert admin.post("/api/retention/run").json()["checkpoints"]["files"] == 0, "no rule is set yet"

    assert admin.put("/api/retention", json=ALL).json()["rules"] == ALL
    done = admin.post("/api/retention/run").json()

    assert {kind: done[kind] for kind in ("checkpoints", "logs", "results")} == {
        kind: told[kind] for kind in ("checkpoints", "logs", "results")
    }
    assert done["is_done"]
    assert files(lab, good) == {"1-2/w", "artifacts/model.bin"}, "the best checkpoint and the results stay"
    assert files(lab, bad) == {"1-2/w"}
    assert [view["step"] for view in admin.get(f"/api/jobs/{good}/checkpoints").json()] == [2]
    reasons = [event["reason_words"] for event in admin.get(f"/api/jobs/{bad}/events").json()]
    assert {words["code"] for words in reasons if words} >= {"tidied_checkpoints", "tidied_logs", "tidied_results"}
    assert admin.get("/api/retention").json()["checkpoints"]["files"] == 0
    actions = [entry["action"] for entry in admin.get("/api/audit").json()["items"]]
    assert {"retention.set", "retention.run"} <= set(actions)


def test_the_last_checkpoint_stays_where_none_is_best(lab: Lab) -> None:
    job = ended(lab)
    with lab.db.write() as session:
        session.execute(update(Checkpoint).where(Checkpoint.job_id == job).values(best=False))

    lab.as_("admin").put("/api/retention", json={"checkpoints_days": 1})

    service.tidy(lab.master)

    assert files(lab, job) >= {"1-3/w"}
    assert not files(lab, job) & {"1-1/w", "1-2/w"}


@pytest.mark.parametrize("case", ["young", "running", "registered", "in the registry"])
def test_what_is_young_runs_or_is_registered_is_not_touched(lab: Lab, case: str) -> None:
    job = ended(lab, "failed", days=1 if case == "young" else 40)
    if case == "running":
        lab.set_job(job, state="running", ended_at=None)
    if case == "registered":
        lab.set_job(job, registered_version="1")
    if case == "in the registry":
        lab.tracking.model_owners["gb1"] = "alice"
        lab.tracking.model_versions["gb1"] = [job]
    before = files(lab, job)

    told = lab.as_("admin").post("/api/retention/plan", json=ALL).json()

    assert [told[kind]["files"] for kind in ("checkpoints", "logs", "results")] == [0, 0, 0]
    lab.as_("admin").put("/api/retention", json=ALL)
    service.tidy(lab.master)
    assert files(lab, job) == before


def test_nothing_goes_while_nobody_knows_what_is_registered(lab: Lab) -> None:
    job = ended(lab, "failed")
    lab.as_("admin").put("/api/retention", json=ALL)
    lab.tracking.away = True

    reply = lab.as_("admin").post("/api/retention/run")

    assert (reply.status_code, reply.json()["error"]) == (503, "mlflow_unavailable")
    assert files(lab, job) >= WHOLE


@pytest.mark.parametrize("who", ["alice", "vera"])
def test_it_is_an_admins_business(lab: Lab, who: str) -> None:
    assert lab.as_(who).get("/api/retention").status_code == 403
    assert lab.as_(who).put("/api/retention", json=ALL).status_code == 403
    assert lab.as_(who).post("/api/retention/run").status_code == 403
