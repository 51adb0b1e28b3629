"""Quotas by API: who may see and set them, and what they refuse."""

from typing import Any

import pytest

from tests.app.lab import Lab

PATH = "/api/users/alice/quota"


def put(lab: Lab, who: str = "admin", **quota: Any) -> Any:
    return lab.as_(who).put(PATH, json=quota)


def test_everybody_sees_them_and_admins_set_them(lab: Lab) -> None:
    view = lab.as_("vera").get(PATH).json()
    assert (view["user"], view["own"], view["quota"]["max_gpus"], view["gpus"]) == ("alice", False, None, 0)
    for who in ("alice", "bob", "vera"):
        assert put(lab, who, max_gpus=1).status_code == 403
        assert lab.as_(who).delete(PATH).status_code == 403
    assert put(lab, max_gpus=4, share=2.0).json()["quota"]["max_gpus"] == 4
    listed = {one["user"]: one["own"] for one in lab.as_("bob").get("/api/quotas").json()}
    assert listed == {"admin": False, "alice": True, "bob": False, "vera": False}
    assert lab.as_("admin").delete(PATH).json()["own"] is False
    assert put(lab, share=0).json()["field"] == "share"
    assert lab.as_("admin").get("/api/users/nobody/quota").status_code == 404


def test_everybodys_quota_is_a_setting(lab: Lab) -> None:
    settings = lab.as_("admin").get("/api/settings").json()
    settings["default_quota"]["max_queued"] = 1
    lab.as_("admin").put("/api/settings", json=settings)
    lab.submit()
    assert lab.as_("alice").post("/api/jobs", json={"project": "greet"}).status_code == 409
    put(lab, max_queued=2)
    lab.submit()
    lab.submit("bob")


@pytest.mark.parametrize(
    ("quota", "request_", "status", "code", "field"),
    [
        ({"max_priority": 0}, {"priority": 1}, 422, "priority_too_high", "priority"),
        ({"max_gpus": 1}, {"resources": {"gpus": 2}}, 422, "over_quota", "resources.gpus"),
        ({"max_queued": 0}, {}, 409, "queue_full", None),
    ],
)
def test_what_is_over_is_refused_and_leaves_nothing(
    lab: Lab, quota: dict[str, Any], request_: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    lab.agent("n1", gpus=4)
    put(lab, **quota)
    reply = lab.as_("alice").post("/api/jobs", json={"project": "greet", **request_})
    assert (reply.status_code, reply.json()["error"], reply.json()["field"]) == (status, code, field)
    assert lab.tracking.kept == {}
    lab.submit("bob", **request_)


def test_what_is_over_the_limit_of_running_jobs_waits_and_says_so(lab: Lab) -> None:
    lab.agent("n1")
    put(lab, max_running=1)
    first, second = lab.submit()["id"], lab.submit()["id"]
    assert lab.schedule() == [first]
    assert lab.schedule() == []
    explained = lab.as_("alice").get(f"/api/jobs/{second}/explain").json()
    assert explained["summary"].startswith("Its owner's quota is used up (number 1 of 1 in the queue)")
    view = lab.as_("alice").get(PATH).json()
    assert (view["running"], view["queued"]) == (1, 1)
