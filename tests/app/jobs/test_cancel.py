"""Cancelling in every state, and the races with an attempt's own end."""

from typing import Any

import pytest

from tests.app.lab import Lab


def cancel(lab: Lab, job_id: str, who: str = "alice") -> Any:
    return lab.as_(who).post(f"/api/jobs/{job_id}/cancel")


def test_what_waits_is_cancelled_at_once_and_again_is_harmless(lab: Lab) -> None:
    job = lab.submit()
    for _ in range(2):
        reply = cancel(lab, job["id"])
        assert (reply.status_code, reply.json()["state"]) == (200, "cancelled")
    assert lab.job(job["id"])["reason"] == "cancelled by alice"


def test_an_unclaimed_assignment_is_called_off_at_once(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=1)
    job = lab.submit(resources={"gpus": 1})
    lab.schedule()
    [assignment] = agent.beat()["assignments"]
    assert cancel(lab, job["id"]).json()["state"] == "cancelled"
    reply = agent.claim_reply(job["id"], 1, dispatch_id=assignment["dispatch_id"])
    assert (reply.status_code, reply.json()["error"]) == (410, "gone")
    assert agent.beat()["assignments"] == []
    assert lab.as_("vera").get("/api/nodes").json()[0]["gpus_free"] == 1


def test_a_running_job_is_cancelled_by_its_agent(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    member = agent.take(job["id"], "running")
    before = lab.wakes
    assert cancel(lab, job["id"]).json()["state"] == "cancelling"
    assert lab.wakes > before
    assert lab.members(job["id"], 1)[0].rung_at is None
    [command] = agent.beat(member)["commands"]
    assert (command["kind"], command["job_id"], command["attempt"]) == ("cancel", job["id"], 1)
    assert member.finish("cancelled", exit_code=143).status_code == 204
    ended = lab.job(job["id"])
    assert (ended["state"], ended["reason"]) == ("cancelled", "cancelled by alice")
    assert ended["attempts"][0]["state"] == "cancelled"


@pytest.mark.parametrize("fault", ["user", "infra"])
def test_a_failure_while_cancelling_is_a_cancellation(lab: Lab, fault: str) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    member = agent.take(job["id"], "running")
    cancel(lab, job["id"])
    assert member.finish("failed", fault=fault, exit_code=143).status_code == 204
    assert lab.job(job["id"])["state"] == "cancelled"


def test_a_success_that_comes_while_cancelling_keeps_its_outputs_but_is_cancelled(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    member = agent.take(job["id"], "running")
    cancel(lab, job["id"])
    assert member.succeed().status_code == 204
    ended = lab.job(job["id"])
    assert ended["state"] == "cancelled"
    assert "outputs are kept" in ended["reason"]
    assert ended["attempts"][0]["state"] == "succeeded"


def test_what_has_ended_otherwise_cant_be_cancelled(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    agent.take(job["id"], "running").succeed()
    reply = cancel(lab, job["id"])
    assert (reply.status_code, reply.json()["error"]) == (409, "already_ended")


def test_a_held_job_can_be_cancelled(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit(max_attempts=1)
    lab.schedule()
    agent.take(job["id"], "running").finish("failed", fault="infra", reason="x")
    assert lab.job(job["id"])["state"] == "held"
    assert cancel(lab, job["id"]).json()["state"] == "cancelled"


def test_a_lost_attempt_of_a_job_that_is_being_cancelled_ends_it(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    agent.take(job["id"], "running")
    cancel(lab, job["id"])
    agent.boot_id = "another"
    agent.register(agent.token)
    assert lab.job(job["id"])["state"] == "cancelled"


def test_only_the_owner_and_admins_cancel(lab: Lab) -> None:
    job = lab.submit("alice")
    assert cancel(lab, job["id"], "bob").status_code == 403
    assert cancel(lab, job["id"], "vera").status_code == 403
    assert cancel(lab, job["id"], "admin").status_code == 200
    assert cancel(lab, "0" * 32).json()["error"] == "unknown_job"
