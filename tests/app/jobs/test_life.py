"""The life of a job over HTTP: from a request to its end, the good way and the bad ones."""

import pytest

from tests.app.lab import Lab


def test_a_job_goes_from_pending_to_succeeded(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit(name="first")
    assert (job["state"], job["attempt"], job["owner"]) == ("pending", 0, "alice")
    assert lab.schedule() == [job["id"]]
    assert lab.job(job["id"])["state"] == "scheduled"
    member = agent.take(job["id"])
    assert member.spec["world_size"] == 1
    assert member.spec["token"].startswith("px_j_")
    assert member.report("preparing").status_code == 204
    assert lab.job(job["id"])["state"] == "scheduled"
    assert member.report("running", environment={"torch": "2.13"}).status_code == 204
    assert lab.job(job["id"])["state"] == "running"
    assert member.succeed().status_code == 204
    ended = lab.job(job["id"])
    assert ended["state"] == "succeeded"
    assert ended["ended_at"] is not None
    [attempt] = ended["attempts"]
    assert (attempt["state"], attempt["exit_code"]) == ("succeeded", 0)
    assert attempt["environment"] == {"torch": "2.13"}
    assert attempt["members"][0]["node"] == "gpu1"
    moves = [
        (event["from_state"], event["to_state"])
        for event in lab.as_("alice").get(f"/api/jobs/{job['id']}/events").json()
        if event["kind"] == "job"
    ]
    assert moves == [("pending", "scheduled"), ("scheduled", "running"), ("running", "succeeded")]


def test_a_users_fault_is_final_and_keeps_the_last_lines(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    member = agent.take(job["id"], "preparing", "running")
    reply = member.finish(
        "failed", fault="user", reason="exit code 1", exit_code=1, last_lines=["Traceback", "ValueError: no"]
    )
    assert reply.status_code == 204
    ended = lab.job(job["id"])
    assert (ended["state"], ended["reason"]) == ("failed", "exit code 1")
    assert ended["attempts"][0]["fault"] == "user"
    assert ended["attempts"][0]["last_lines"] == ["Traceback", "ValueError: no"]
    assert lab.schedule() == []


def test_an_infrastructure_fault_is_tried_again_after_a_while_on_another_node(lab: Lab) -> None:
    first, second = lab.agent("gpu1", cpus=2), lab.agent("gpu2", cpus=64)
    job = lab.submit()
    lab.schedule()
    member = first.take(job["id"], "preparing", "running")
    member.finish("failed", fault="infra", reason="no space left on device")
    waiting = lab.row(job["id"])
    assert (waiting.state, waiting.counted_attempts, waiting.excluded_nodes) == ("pending", 1, [first.id])
    assert waiting.not_before is not None
    delay = (waiting.not_before - lab.attempt(job["id"], 1).ended_at).total_seconds()  # type: ignore[operator]
    assert 4 <= delay <= 6.1
    assert lab.schedule() == []
    assert "tried again in" in lab.as_("vera").get(f"/api/jobs/{job['id']}/explain").json()["summary"]
    lab.set_job(job["id"], not_before=None)
    assert lab.schedule() == [job["id"]]
    assert lab.members(job["id"], 2)[0].node_id == second.id


def test_an_only_node_is_not_avoided(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    agent.take(job["id"], "running").finish("failed", fault="infra", reason="x")
    assert lab.row(job["id"]).excluded_nodes == []


def test_enough_infrastructure_faults_hold_the_job_until_it_is_released(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit(max_attempts=2)
    for number in (1, 2):
        lab.set_job(job["id"], not_before=None)
        lab.schedule()
        member = agent.take(job["id"], "running")
        assert member.spec["attempt"] == number
        member.log(0, f"of attempt {number}\n".encode())
        member.finish("failed", fault="infra", reason="the disk broke")
        agent.runs.clear()
    held = lab.job(job["id"])
    assert held["state"] == "held"
    logs = [lab.as_("vera").get(f"/api/jobs/{job['id']}/logs", params={"attempt": number}).text for number in (1, 2)]
    assert logs == ["of attempt 1\n", "of attempt 2\n"], "each attempt's log is kept"
    assert "failed 2 times" in held["reason"]
    assert "the disk broke" in held["reason"]
    assert lab.as_("bob").post(f"/api/jobs/{job['id']}/release").status_code == 403
    for _ in range(2):  # the second is a repeat of a lost reply
        reply = lab.as_("alice").post(f"/api/jobs/{job['id']}/release")
        assert (reply.status_code, reply.json()["state"]) == (200, "pending")
    assert lab.row(job["id"]).counted_attempts == 0
    assert lab.schedule() == [job["id"]]
    assert lab.job(job["id"])["attempt"] == 3


@pytest.mark.parametrize("outcome", ["preempted", "cancelled"])
def test_ends_that_are_nobodys_fault_do_not_count(lab: Lab, outcome: str) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit(max_attempts=1)
    lab.schedule()
    agent.take(job["id"], "running").finish(outcome, reason="the agent was told to stop")
    row = lab.row(job["id"])
    assert (row.state, row.counted_attempts, row.not_before) == ("pending", 0, None)


def test_a_success_needs_finalizing(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    member = agent.take(job["id"], "preparing", "running")
    reply = member.finish("succeeded")
    assert (reply.status_code, reply.json()["error"]) == (409, "not_finalizing")
    assert lab.job(job["id"])["state"] == "running"


def test_a_job_that_is_over_in_a_moment_is_told_of_once(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    jobs = {outcome: lab.submit()["id"] for outcome in ("succeeded", "failed")}
    lab.schedule()
    detail = {"environment": "venv 3f2a91c07d21", "start": "cold"}
    for outcome, job in jobs.items():
        member = agent.take(job)
        body = {"exit_code": int(outcome == "failed"), "started": True, "detail": detail, "environment": {"torch": "2"}}
        for _ in range(2):
            assert member.finish(outcome, **body).status_code == 204
        ended = lab.job(job)
        assert (ended["state"], ended["started_at"] is not None) == (outcome, True)
        [attempt] = ended["attempts"]
        assert (attempt["environment"], attempt["started_at"] is not None) == ({"torch": "2"}, True)
        assert {name: attempt["members"][0][name] for name in detail} == detail
        events = lab.as_("alice").get(f"/api/jobs/{job}/events").json()
        moves = [event["to_state"] for event in events if event["kind"] == "attempt"]
        last = ["finalizing", "succeeded"] if outcome == "succeeded" else ["failed"]
        assert moves == ["claimed", "preparing", "running", *last]


def test_where_its_code_runs_is_a_job_s_own_wish(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit(environment="own", warm_start=False)
    assert (job["environment"], job["warm_start"]) == ("own", False)
    draft = lab.as_("alice").post(f"/api/jobs/{job['id']}/clone").json()
    assert (draft["environment"], draft["warm_start"]) == ("own", False)
    lab.schedule()
    member = agent.take(job["id"])
    assert (member.spec["environment"], member.spec["warm_start"]) == ("own", False)
    refused = lab.as_("alice").post("/api/jobs", json={**draft, "environment": "podman"})
    assert (refused.status_code, "environment" in refused.text) == (422, True)


def test_reports_may_skip_and_repeat_and_come_late(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    lab.schedule()
    member = agent.take(job["id"])
    assert member.report("running").status_code == 204
    assert member.report("running").status_code == 204
    assert member.report("preparing").status_code == 204
    assert lab.job(job["id"])["attempts"][0]["state"] == "running"
    assert member.report("succeeded").status_code == 422


def test_a_gang_moves_with_its_slowest_member_and_dies_with_its_first(lab: Lab) -> None:
    agents = [lab.agent("gpu1"), lab.agent("gpu2")]
    job = lab.submit(resources={"nodes": 2})
    assert lab.schedule() == [job["id"]]
    members = [agent.take(job["id"]) for agent in agents]
    assert {member.spec["world_size"] for member in members} == {2}
    members[0].report("running")
    assert lab.job(job["id"])["state"] == "scheduled"
    members[1].report("running")
    assert lab.job(job["id"])["state"] == "running"
    members[0].finish("failed", fault="infra", reason="NCCL timeout")
    row = lab.row(job["id"])
    assert row.state == "pending"
    assert row.reason.startswith("rank ")
    assert members[1].report("finalizing").status_code == 410
    kill = agents[1].beat(members[1])["commands"]
    assert [command["kind"] for command in kill] == ["kill"]


def test_a_gang_succeeds_once_all_have(lab: Lab) -> None:
    agents = [lab.agent("gpu1"), lab.agent("gpu2")]
    job = lab.submit(resources={"nodes": 2})
    lab.schedule()
    members = [agent.take(job["id"], "running") for agent in agents]
    assert members[0].succeed().status_code == 204
    assert lab.job(job["id"])["state"] == "running"
    assert members[0].finish("succeeded", exit_code=0).status_code == 204
    assert members[1].succeed().status_code == 204
    assert lab.job(job["id"])["state"] == "succeeded"
