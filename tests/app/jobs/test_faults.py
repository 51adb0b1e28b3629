"""What the master does about a failure: by the rule that the worker names, on one machine and in a gang."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.clock import now
from app.jobs import fault_rules
from app.models import Member, Node
from app.scheduling import reaper
from app.scheduling.pulse import Pulse
from app.scheduling.verdicts import PEER_PATIENCE
from proteinx.contracts.faults import BUILT_IN
from tests.app.lab import Lab, RunningMember


def running(lab: Lab, *nodes: str, **request: object) -> tuple[str, list[RunningMember]]:
    agents = [lab.agent(name) for name in nodes]
    job_id = lab.submit(resources={"nodes": len(nodes)}, **request)["id"]
    lab.schedule()
    members = sorted((agent.take(job_id, "preparing", "running") for agent in agents), key=lambda one: one.spec["rank"])
    return job_id, members


def fail(member: RunningMember, rule: str | None, fault: str = "infra", **more: object) -> None:
    reply = member.finish("failed", fault=fault, rule=rule, reason=f"told by {rule}", exit_code=1, **more)
    assert reply.status_code == 204, reply.text


def test_the_claim_brings_the_table(lab: Lab) -> None:
    _, [member] = running(lab, "n1")
    assert [rule["name"] for rule in member.spec["fault_rules"]] == [rule.name for rule in BUILT_IN]


def test_a_faulty_gpu_quarantines_its_machine_and_moves_the_job(lab: Lab) -> None:
    job_id, [member] = running(lab, "n1")
    fail(member, "gpu_memory_error")
    job = lab.row(job_id)
    assert (job.state, job.counted_attempts) == ("pending", 1)
    [node] = lab.as_("alice").get("/api/nodes").json()
    assert node["state"] == "quarantined"
    assert "ECC" in node["reason"] and job_id[:12] in node["reason"]
    lab.agent("n2")
    lab.set_job(job_id, not_before=None)
    assert lab.schedule() == [job_id]
    assert lab.node(lab.members(job_id, 2)[0].node_id).name == "n2"


def test_what_the_user_must_mend_is_not_tried_again(lab: Lab) -> None:
    job_id, [member] = running(lab, "n1")
    fail(member, "gpu_out_of_memory")
    assert lab.row(job_id).state == "failed", "whatever fault an old agent gave it"


def test_a_restart_blames_no_machine(lab: Lab) -> None:
    lab.agent("n2")
    job_id, [member] = running(
        lab,
        "n1",
    )
    fail(member, "nccl_timeout")
    assert (lab.row(job_id).state, lab.row(job_id).excluded_nodes) == ("pending", [])


def test_a_machine_that_fails_different_jobs_again_and_again_is_quarantined(lab: Lab) -> None:
    agent = lab.agent("n1")

    def fail_one() -> None:
        job_id = lab.submit(max_attempts=1)["id"]
        lab.schedule()
        fail(agent.take(job_id, "preparing", "running"), None)

    def state() -> tuple[str, str]:
        node = lab.node(agent.id)
        return node.state, node.reason

    fail_one()
    fail_one()
    assert state()[0] == "active"
    with lab.db.write() as session:
        for member in session.query(Member):
            member.fault = None
    fail_one()
    assert state()[0] == "active", "others that failed were not its fault"
    fail_one()
    fail_one()
    assert state()[0] == "quarantined"
    assert "3 jobs failed on it within 60 minutes" in state()[1]
    lab.as_("admin").post(f"/api/nodes/{agent.id}/undrain")
    fail_one()
    assert state() == ("active", ""), "what was before the release does not count"


def test_the_count_can_be_switched_off(lab: Lab) -> None:
    settings = lab.as_("admin").get("/api/settings").json() | {"quarantine_failures": 0}
    assert lab.as_("admin").put("/api/settings", json=settings).status_code == 200
    agent = lab.agent("n1")
    for _ in range(4):
        job_id = lab.submit(max_attempts=1)["id"]
        lab.schedule()
        fail(agent.take(job_id, "preparing", "running"), None)
    assert lab.node(agent.id).state == "active"


# --- gangs ---


def test_the_one_that_says_why_counts_and_not_who_lost_touch_with_it(lab: Lab) -> None:
    job_id, [first, second] = running(lab, "n1", "n2")
    fail(first, "peer_lost")
    assert lab.row(job_id).state == "running", "it waits for the cause"
    fail(second, None, fault="user")
    job = lab.row(job_id)
    assert (job.state, job.reason) == ("failed", "rank 1: told by None")


def test_if_all_only_lost_touch_it_is_tried_again(lab: Lab) -> None:
    job_id, members = running(lab, "n1", "n2")
    for member in members:
        fail(member, "peer_lost")
    job = lab.row(job_id)
    assert (job.state, job.excluded_nodes, job.counted_attempts) == ("pending", [], 1)
    assert "lost touch" in job.reason


def test_if_nobody_says_why_in_time_it_is_tried_again(lab: Lab) -> None:
    job_id, [first, _] = running(lab, "n1", "n2")
    lab.master.ready_at = now() - timedelta(days=1)
    fail(first, "peer_lost")

    def reap() -> str:
        reaper.reap(lab.master, lambda _: None, Pulse(lab.master))
        return lab.row(job_id).state

    assert reap() == "running"
    with lab.db.write() as session:
        member = session.get_one(Member, (job_id, 1, 0))
        long_ago = now() - PEER_PATIENCE - timedelta(seconds=1)
        member.detail = member.detail | {"ended_at": long_ago.isoformat()}
    assert reap() == "pending"
    assert lab.attempt(job_id, 1).fault == "infra"


def test_a_silent_machine_is_blamed_rather_than_who_lost_touch_with_it(lab: Lab) -> None:
    job_id, [first, second] = running(lab, "n1", "n2")
    fail(first, "peer_lost")
    with lab.db.write() as session:
        member = session.get_one(Member, (job_id, 1, 0))
        member.detail = member.detail | {"ended_at": (now() - timedelta(hours=1)).isoformat()}
        silent = session.get_one(Member, (job_id, 1, second.spec["rank"])).node_id
        session.get_one(Node, silent).last_heartbeat_at = now() - timedelta(seconds=60)
    lab.master.ready_at = now() - timedelta(days=1)
    reaper.reap(lab.master, lambda _: None, Pulse(lab.master))
    assert lab.row(job_id).state == "running", "its lease is not over"
    lab.age_node(silent, 3600)
    reaper.reap(lab.master, lambda _: None, Pulse(lab.master))
    assert (lab.row(job_id).state, lab.row(job_id).excluded_nodes) == ("pending", [silent])


def test_members_meet_when_all_are_ready(lab: Lab) -> None:
    agents = [lab.agent("n1"), lab.agent("n2")]
    job_id = lab.submit(resources={"nodes": 2})["id"]
    lab.schedule()
    first, second = sorted((agent.take(job_id, "preparing") for agent in agents), key=lambda one: one.spec["rank"])

    def meet(member: RunningMember, address: str, port: int) -> dict[str, object]:
        body = {"rank": member.spec["rank"], "address": address, "port": port}
        reply = member.client.post(f"{member.path}/rendezvous", json=body)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    assert meet(second, "10.0.0.2", 29600) == {"ready": False, "address": None, "port": None, "waiting_for": [0]}
    there = {"ready": True, "address": "10.0.0.1", "port": 29500, "waiting_for": []}
    assert meet(first, "10.0.0.1", 29500) == there
    assert meet(second, "10.0.0.2", 29600) == there
    foreign = first.client.post(f"{first.path}/rendezvous", json={"rank": 1, "address": "x", "port": 1})
    assert foreign.status_code == 403
    fail(first, None, fault="user")
    over = second.client.post(f"{second.path}/rendezvous", json={"rank": 1, "address": "x", "port": 1})
    assert over.status_code == 410


# --- a lab's own rules ---


def test_own_rules_go_first_and_replace_those_of_their_name(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(
        "- {name: license, pattern: 'FlexNet.*denied', reason: 'no license was free', action: restart}\n"
        "- {name: disk_full, pattern: 'No space', reason: 'the scratch disk is full', action: fail}\n"
    )
    rules = fault_rules.load(file)
    assert [rule.name for rule in rules][:2] == ["license", "disk_full"]
    assert len(rules) == len(BUILT_IN) + 1
    assert fault_rules.load(None) == BUILT_IN


@pytest.mark.parametrize("text", ["- {name: x}", "no list", "- {name: x, pattern: '(', reason: r, action: fail}", "["])
def test_a_bad_file_says_so_at_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(text)
    with pytest.raises(fault_rules.BadRules, match=r"PROTEINX_FAULT_RULES: .*faults\.yaml"):
        fault_rules.load(file)
    with pytest.raises(fault_rules.BadRules):
        fault_rules.load(tmp_path / "missing.yaml")
