"""Nodes as people see and steer them."""

import pytest

from tests.app.lab import Lab


def test_a_drained_node_gets_nothing_new_and_keeps_what_it_has(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    first = lab.submit()
    lab.schedule()
    member = agent.take(first["id"], "running")
    reply = lab.as_("admin").post(f"/api/nodes/{agent.id}/drain", json={"reason": "new disk"})
    assert (reply.status_code, reply.json()["state"], reply.json()["reason"]) == (200, "draining", "new disk")
    second = lab.submit()
    assert lab.schedule() == []
    why = lab.as_("vera").get(f"/api/jobs/{second['id']}/explain").json()
    assert why["nodes"] == {"gpu1": "is draining: new disk"}
    assert member.succeed().status_code == 204
    agent.register(agent.token)
    assert lab.as_("vera").get(f"/api/nodes/{agent.id}").json()["state"] == "draining"
    assert lab.as_("admin").post(f"/api/nodes/{agent.id}/undrain").json()["state"] == "active"
    assert lab.schedule() == [second["id"]]


@pytest.mark.parametrize(
    ("silence", "health"), [(0, "online"), (29, "online"), (31, "suspect"), (119, "suspect"), (125, "lost")]
)
def test_health_is_the_age_of_the_last_heartbeat(lab: Lab, silence: float, health: str) -> None:
    agent = lab.agent("gpu1")
    lab.age_node(agent.id, silence)
    assert lab.as_("vera").get(f"/api/nodes/{agent.id}").json()["health"] == health
    lab.submit()
    assert bool(lab.schedule()) == (health == "online")


def test_the_masters_own_downtime_makes_no_node_lost(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    ready_at = lab.master.ready_at
    lab.age_node(agent.id, 3600)
    lab.master.ready_at = ready_at
    assert lab.as_("vera").get(f"/api/nodes/{agent.id}").json()["health"] == "suspect"


def test_a_node_that_was_never_heard_gets_nothing(lab: Lab) -> None:
    lab.agent("gpu1", beat=False)
    job = lab.submit()
    assert lab.schedule() == []
    why = lab.as_("vera").get(f"/api/jobs/{job['id']}/explain").json()
    assert why["nodes"] == {"gpu1": "has not sent its first heartbeat yet"}


def test_a_busy_node_is_not_removed_but_a_lost_one_is(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=1)
    job = lab.submit(resources={"gpus": 1})
    lab.schedule()
    agent.take(job["id"], "running")
    reply = lab.as_("admin").delete(f"/api/nodes/{agent.id}")
    assert (reply.status_code, reply.json()["error"]) == (409, "node_busy")
    lab.age_node(agent.id, 3600)
    assert lab.as_("admin").delete(f"/api/nodes/{agent.id}").status_code == 204
    assert lab.job(job["id"])["state"] == "pending"
    assert lab.as_("vera").get("/api/nodes").json() == []
    assert lab.as_("vera").get(f"/api/nodes/{agent.id}").status_code == 404
    assert lab.as_("admin").delete(f"/api/nodes/{agent.id}").status_code == 404


def test_a_removed_machine_may_join_again_under_its_name(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=1)
    lab.as_("admin").delete(f"/api/nodes/{agent.id}")
    before = agent.token
    agent.join(lab.join_token())
    assert agent.register(before).status_code == 401
    agent.beat()
    job = lab.submit(resources={"gpus": 1})
    assert lab.schedule() == [job["id"]]


def test_only_admins_steer(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    for who in ("alice", "vera"):
        assert lab.as_(who).post(f"/api/nodes/{agent.id}/drain", json={}).status_code == 403
        assert lab.as_(who).post(f"/api/nodes/{agent.id}/undrain").status_code == 403
        assert lab.as_(who).post(f"/api/nodes/{agent.id}/quarantine", json={}).status_code == 403
        assert lab.as_(who).put(f"/api/nodes/{agent.id}/labels", json={"labels": {}}).status_code == 403
        assert lab.as_(who).delete(f"/api/nodes/{agent.id}").status_code == 403
    assert lab.client(agent.token).get("/api/nodes").status_code == 403
    assert lab.as_("admin").post("/api/nodes/0/drain", json={}).json()["error"] == "unknown_node"


def test_labels_of_admins_overrule_the_agents_own(lab: Lab) -> None:
    agent = lab.agent("gpu1", labels={"rack": "a", "site": "lab"})
    path = f"/api/nodes/{agent.id}/labels"
    view = lab.as_("admin").put(path, json={"labels": {"rack": "b", "gpu": "a100"}}).json()
    assert view["labels"] == {"rack": "b", "site": "lab", "gpu": "a100"}
    assert view["own_labels"] == {"rack": "b", "gpu": "a100"}
    job = lab.submit(resources={"labels": {"gpu": "a100", "site": "lab"}})
    assert lab.schedule() == [job["id"]]
    reply = lab.as_("admin").put(path, json={"labels": {"Rack": "b"}})
    assert (reply.status_code, reply.json()["field"]) == (422, "labels")
    agent.register(agent.token)
    assert lab.as_("vera").get(f"/api/nodes/{agent.id}").json()["own_labels"]["rack"] == "b", "they outlive a restart"


def test_quarantine_keeps_new_work_away_until_it_is_released(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    view = lab.as_("admin").post(f"/api/nodes/{agent.id}/quarantine", json={"reason": "smells"}).json()
    assert (view["state"], view["reason"]) == ("quarantined", "smells")
    job = lab.submit()
    assert lab.schedule() == []
    explained = lab.as_("alice").get(f"/api/jobs/{job['id']}/explain").json()
    assert explained["nodes"] == {"gpu1": "is quarantined: smells"}
    lab.as_("admin").post(f"/api/nodes/{agent.id}/undrain")
    assert lab.schedule() == [job["id"]]


def test_what_is_free(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=2)
    job = lab.submit(resources={"gpus": 1, "cpus": 3, "memory": 4 * 1024**3})
    lab.schedule()
    view = lab.as_("vera").get(f"/api/nodes/{agent.id}").json()
    assert (view["cpus_free"], view["memory_free_bytes"], view["gpus_free"]) == (5, 28 * 1024**3, 1)
    assert view["jobs"] == [job["id"]]
