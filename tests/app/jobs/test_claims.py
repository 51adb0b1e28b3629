"""Claims: what a doorbell that is late, doubled or forged gets, and a claim whose reply was lost."""

import pytest
from sqlalchemy import select

from app.models import Allocation
from proteinx.contracts.protocol import PROTOCOL
from tests.app.lab import Agent, Lab


@pytest.fixture
def agent(lab: Lab) -> Agent:
    return lab.agent("gpu1", gpus=2)


def assign(lab: Lab, agent: Agent, **request: object) -> dict[str, object]:
    job = lab.submit(**request)
    lab.schedule()
    return next(one for one in agent.beat()["assignments"] if one["job_id"] == job["id"])


def test_the_specification_has_what_the_agent_needs(lab: Lab, agent: Agent) -> None:
    assignment = assign(lab, agent, resources={"gpus": 1}, overrides=["seed=3"], parameters={}, time_limit=60, grace=5)
    spec = agent.claim(assignment).spec
    assert spec["gpu_uuids"] == [agent.gpus[0].uuid] or spec["gpu_uuids"] == [agent.gpus[1].uuid]
    assert (spec["overrides"], spec["time_limit"], spec["grace"], spec["rank"]) == (["seed=3"], 60, 5, 0)
    assert spec["snapshot_url"] == f"/api/snapshots/{spec['snapshot']}"
    assert spec["checkpoint"] is None


def test_an_older_attempt_is_gone(lab: Lab, agent: Agent) -> None:
    assignment = assign(lab, agent)
    member = agent.claim(assignment)
    member.report("running")
    member.finish("preempted")
    lab.schedule()
    reply = agent.claim_reply(member.spec["job_id"], 1, dispatch_id=assignment["dispatch_id"])
    assert (reply.status_code, reply.json()["error"]) == (410, "gone")
    assert member.report("running").status_code == 410


@pytest.mark.parametrize("number", [0, 2, 99])
def test_an_attempt_that_never_was_is_gone(lab: Lab, agent: Agent, number: int) -> None:
    assignment = assign(lab, agent)
    reply = agent.claim_reply(str(assignment["job_id"]), number, dispatch_id=assignment["dispatch_id"])
    assert reply.status_code == 410


def test_a_forged_doorbell_is_refused(lab: Lab, agent: Agent) -> None:
    assignment = assign(lab, agent)
    job_id = str(assignment["job_id"])
    assert agent.claim_reply("f" * 32, 1, dispatch_id="x").status_code == 410
    assert agent.claim_reply(job_id, 1, dispatch_id="0" * 16).status_code == 410
    assert agent.claim_reply(job_id, 1, dispatch_id=assignment["dispatch_id"], rank=1).json()["error"] == "not_assigned"
    other = lab.agent("gpu2")
    reply = other.claim_reply(job_id, 1, dispatch_id=assignment["dispatch_id"])
    assert (reply.status_code, reply.json()["error"]) == (409, "not_assigned")
    assert lab.members(job_id, 1)[0].state == "assigned"


def test_a_person_can_not_claim(lab: Lab, agent: Agent) -> None:
    assignment = assign(lab, agent)
    reply = lab.as_("admin").post(
        f"/api/jobs/{assignment['job_id']}/attempts/1/claim",
        json={"protocol": PROTOCOL, "dispatch_id": assignment["dispatch_id"]},
    )
    assert (reply.status_code, reply.json()["error"]) == (403, "nodes_only")


def test_a_claim_whose_reply_was_lost_gets_a_fresh_token_until_it_runs(lab: Lab, agent: Agent) -> None:
    assignment = assign(lab, agent)
    lost = agent.claim(assignment)
    again = agent.claim(assignment)
    assert again.spec["attempt"] == lost.spec["attempt"]
    assert lost.report("preparing").status_code == 401
    assert again.report("preparing").status_code == 204
    third = agent.claim(assignment)
    assert third.report("running").status_code == 204
    reply = agent.claim_reply(third.spec["job_id"], 1, dispatch_id=assignment["dispatch_id"])
    assert (reply.status_code, reply.json()["error"]) == (409, "already_claimed")


def test_an_old_agent_is_told_how_to_upgrade(lab: Lab, agent: Agent) -> None:
    assignment = assign(lab, agent)
    reply = agent.claim_reply(
        str(assignment["job_id"]), 1, dispatch_id=assignment["dispatch_id"], protocol=PROTOCOL - 1
    )
    assert (reply.status_code, reply.json()["error"]) == (426, "upgrade_required")
    assert "git pull" in reply.json()["detail"]


def test_an_attempts_token_is_good_for_that_member_only(lab: Lab, agent: Agent) -> None:
    mine = agent.claim(assign(lab, agent))
    other = agent.claim(assign(lab, agent))
    reply = mine.client.post(f"{other.path}/state", json={"state": "running"})
    assert reply.status_code == 403
    reply = mine.client.post(f"{mine.path}/state", json={"state": "running", "rank": 1})
    assert reply.status_code == 403
    assert mine.client.get("/api/jobs").status_code == 403
    assert other.client.get(f"/api/jobs/{mine.spec['job_id']}/logs").status_code == 403


def test_the_same_finish_again_is_answered_as_the_first_time(lab: Lab, agent: Agent) -> None:
    member = agent.claim(assign(lab, agent))
    member.report("running")
    assert member.finish("failed", fault="user", exit_code=2).status_code == 204
    events = len(lab.as_("vera").get(f"/api/jobs/{member.spec['job_id']}/events").json())
    assert member.finish("failed", fault="user", exit_code=2).status_code == 204
    assert len(lab.as_("vera").get(f"/api/jobs/{member.spec['job_id']}/events").json()) == events
    assert member.finish("succeeded").status_code == 410
    assert member.report("running").status_code == 410


def test_a_fenced_member_gets_410_on_every_write(lab: Lab, agent: Agent) -> None:
    member = agent.claim(assign(lab, agent))
    member.report("running")
    agent.boot_id = "restarted"
    assert agent.register(agent.token).status_code == 200
    assert member.report("finalizing").json()["error"] == "fenced"
    assert member.finish("succeeded").status_code == 410
    assert member.log(0, b"late").status_code == 410
    job = lab.job(member.spec["job_id"])
    assert (job["state"], job["attempts"][0]["state"]) == ("pending", "lost")
    assert lab.row(job["id"]).not_before is None


def test_gpus_are_held_from_placement_on(lab: Lab, agent: Agent) -> None:
    first = lab.submit(resources={"gpus": 2})
    second = lab.submit(resources={"gpus": 1})
    assert lab.schedule() == [first["id"]]
    assert lab.schedule() == []
    why = lab.as_("vera").get(f"/api/jobs/{second['id']}/explain").json()
    assert (why["position"], why["state"]) == (1, "pending")
    assert "0 of 2 GPUs free" in why["nodes"]["gpu1"]
    with lab.db.read() as session:
        held = session.scalars(select(Allocation.gpu_uuid).where(Allocation.gpu_uuid.is_not(None))).all()
    assert sorted(uuid or "" for uuid in held) == [gpu.uuid for gpu in agent.gpus]
