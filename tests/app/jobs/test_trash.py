"""The trash: what goes in, comes back whole; what stays too long loses its files, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from app.clock import now
from app.jobs import trash
from tests.app.lab import Lab


def ended(lab: Lab, **request: Any) -> str:
    job_id = str(lab.submit(**request)["id"])
    assert lab.as_("alice").post(f"/api/jobs/{job_id}/cancel").status_code == 200
    for place in (f"artifacts/{job_id}/artifacts", f"checkpoints/{job_id}/1-5", f"artifacts/models/m-{job_id}"):
        lab.master.storage.write_bytes(f"{place}/file", b"0123456789")
    return job_id


def listed(lab: Lab, **query: Any) -> list[str]:
    return [job["id"] for job in lab.as_("vera").get("/api/jobs", params=query).json()["items"]]


def test_there_and_back(lab: Lab) -> None:
    job_id, path = ended(lab), ""
    path = f"/api/jobs/{job_id}"
    for _ in range(2):
        assert lab.as_("alice").delete(path).json()["trashed_at"] is not None
    assert (listed(lab), listed(lab, trashed=True)) == ([], [job_id])
    assert lab.tracking.runs[job_id].deleted
    assert lab.as_("vera").get(path).json()["state"] == "cancelled", "who has its address still finds it"
    trash.purge_old(lab.master)
    for _ in range(2):
        assert lab.as_("alice").post(f"{path}/restore").json()["trashed_at"] is None
    assert (listed(lab), listed(lab, trashed=True)) == ([job_id], [])
    assert not lab.tracking.runs[job_id].deleted
    assert lab.master.storage.size(f"artifacts/{job_id}/artifacts/file") == 10
    kinds = [event["kind"] for event in lab.as_("vera").get(f"{path}/events").json()]
    assert kinds[-2:] == ["trashed", "restored"]


def test_after_its_time_the_bytes_are_gone_and_the_story_stays(lab: Lab) -> None:
    job_id, other = ended(lab), ended(lab)
    for one in (job_id, other):
        lab.as_("alice").delete(f"/api/jobs/{one}")
    lab.set_job(job_id, trashed_at=now() - timedelta(days=31))
    trash.purge_old(lab.master)
    trash.purge_old(lab.master)
    row = lab.row(job_id)
    assert (row.freed_bytes, row.purged_at is None) == (30, False)
    assert lab.row(other).purged_at is None
    assert lab.master.storage.size(f"artifacts/models/m-{other}/file") == 10
    assert list(lab.master.storage.list(f"artifacts/{job_id}")) == []
    refused = lab.as_("alice").post(f"/api/jobs/{job_id}/restore")
    assert (refused.status_code, refused.json()["error"]) == (409, "purged")
    events = lab.as_("vera").get(f"/api/jobs/{job_id}/events").json()
    assert [event["reason"] for event in events if event["kind"] == "purged"] == ["30 bytes freed"]


def test_a_purge_that_broke_off_is_gone_over_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = ended(lab)
    lab.as_("alice").delete(f"/api/jobs/{job_id}")
    lab.set_job(job_id, trashed_at=now() - timedelta(days=31))

    def dies(_: str) -> None:
        raise OSError("the master dies here")

    with monkeypatch.context() as patch:
        patch.setattr("app.storage.local.LocalStorage.delete", lambda self, prefix: dies(prefix))
        with pytest.raises(OSError, match="dies"):
            trash.purge_old(lab.master)
    assert lab.as_("alice").post(f"/api/jobs/{job_id}/restore").json()["error"] == "purged"
    trash.purge_old(lab.master)
    assert list(lab.master.storage.list(f"checkpoints/{job_id}")) == []


def test_what_may_not_go_stays(lab: Lab) -> None:
    live = lab.submit()["id"]
    assert lab.as_("alice").delete(f"/api/jobs/{live}").json()["error"] == "still_live"
    job_id = ended(lab)
    assert lab.as_("bob").delete(f"/api/jobs/{job_id}").status_code == 403
    lab.tracking.model_versions["fitness"] = [job_id]
    refused = lab.as_("alice").delete(f"/api/jobs/{job_id}")
    assert (refused.status_code, refused.json()["error"]) == (409, "model_registered")
    assert "fitness@1" in refused.json()["detail"]
    lab.tracking.model_versions.clear()
    lab.tracking.away = True
    assert lab.as_("alice").delete(f"/api/jobs/{job_id}").status_code == 503
    lab.tracking.away = False
    assert listed(lab) == [job_id, live], "nothing half-made"
