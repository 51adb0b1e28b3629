"""Heartbeats: leases, orders, room that is proved free, and what an agent has lost."""

from datetime import timedelta

from sqlalchemy import event, func, select

from app.clock import now
from app.models import Allocation, Member, Node, NodeHistory
from app.scheduling import reaper
from app.scheduling.pulse import Pulse
from app.workdir.service import set_settings
from proteinx.contracts.system import SystemSettings
from tests.app.lab import Lab, RunningMember


def running(lab: Lab, agent: object, **request: object) -> RunningMember:
    job = lab.submit(**request)
    lab.schedule()
    return agent.take(job["id"], "running")  # type: ignore[attr-defined,no-any-return]


def test_it_renews_what_it_names_and_only_that(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    named, silent = running(lab, agent), running(lab, agent)
    before = {one.spec["job_id"]: lab.attempt(one.spec["job_id"], 1).renewed_at for one in (named, silent)}
    agent.beat(named)
    after = {one.spec["job_id"]: lab.attempt(one.spec["job_id"], 1).renewed_at for one in (named, silent)}
    assert after[named.spec["job_id"]] > before[named.spec["job_id"]]
    assert after[silent.spec["job_id"]] == before[silent.spec["job_id"]]


def test_a_gang_is_renewed_as_far_as_its_most_silent_node(lab: Lab) -> None:
    first, second = lab.agent("gpu1"), lab.agent("gpu2")
    job = lab.submit(resources={"nodes": 2})
    lab.schedule()
    members = {agent.name: agent.take(job["id"], "running") for agent in (first, second)}
    second.beat(members["gpu2"])
    heard = lab.node(second.id).last_heartbeat_at
    first.beat(members["gpu1"])
    assert lab.attempt(job["id"], 1).renewed_at == heard


def test_assignments_are_repeated_until_they_are_claimed(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    job = lab.submit()
    assert agent.beat()["assignments"] == []
    lab.schedule()
    for _ in range(2):
        [assignment] = agent.beat()["assignments"]
        assert (assignment["job_id"], assignment["attempt"], assignment["rank"]) == (job["id"], 1, 0)
    agent.claim(assignment)
    assert agent.beat()["assignments"] == []


def test_what_the_agent_lost_is_noticed_after_two_beats(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    member = running(lab, agent)
    job_id = member.spec["job_id"]
    agent.beat()
    agent.beat()  # too soon after the first to count as another
    assert lab.job(job_id)["state"] == "running"
    agent.beat(member)
    agent.beat()
    assert lab.job(job_id)["state"] == "running", "naming it starts the count anew"
    with lab.db.write() as session:
        session.get_one(Member, (job_id, 1, 0)).missed_since = now() - timedelta(seconds=10)
    agent.beat()
    job = lab.job(job_id)
    assert (job["state"], job["attempts"][0]["state"]) == ("pending", "lost")
    assert "does not have it any more" in job["reason"]


def test_what_is_not_current_is_killed(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    member = running(lab, agent)
    ghost = RunningMember(lab, {**member.spec, "job_id": "f" * 32})
    assert [(one["kind"], one["job_id"]) for one in agent.beat(member, ghost)["commands"]] == [("kill", "f" * 32)]
    member.finish("preempted")
    assert [one["kind"] for one in agent.beat(member)["commands"]] == ["kill"]
    member.state = "preempted"
    assert agent.beat(member)["commands"] == [], "it has ended there too: only its report was late"


def test_another_nodes_member_is_killed(lab: Lab) -> None:
    agent, thief = lab.agent("gpu1"), lab.agent("gpu2")
    job = lab.submit()
    lab.schedule()
    owner, other = (agent, thief) if lab.members(job["id"], 1)[0].node_id == agent.id else (thief, agent)
    member = owner.take(job["id"], "running")
    assert [one["kind"] for one in other.beat(member)["commands"]] == ["kill"]
    assert owner.beat(member)["commands"] == []


def test_a_gpu_is_free_once_the_node_proves_it(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=1)
    uuid = agent.gpus[0].uuid
    member = running(lab, agent, resources={"gpus": 1, "cpus": 6})
    waiting = lab.submit(resources={"gpus": 1, "cpus": 6})
    agent.beat(member, pids={uuid: [77]})
    member.report("finalizing")
    member.finish("succeeded")
    [node] = lab.as_("vera").get("/api/nodes").json()
    assert (node["cpus_free"], node["gpus_free"]) == (8, 0)
    assert lab.schedule() == []
    agent.beat(member, pids={uuid: []})
    assert lab.schedule() == [], "the agent still names it"
    agent.beat(pids={uuid: [77]})
    assert lab.schedule() == [], "a process of ours is still on it"
    agent.heartbeat(sample={"cpu_percent": 0, "memory_used_bytes": 0, "disk_free_bytes": 0, "disk_total_bytes": 0})
    assert lab.schedule() == [], "a sample without the GPU proves nothing"
    before = lab.wakes
    agent.beat(pids={uuid: []})
    assert lab.wakes > before
    assert lab.schedule() == [waiting["id"]]


def test_a_strangers_process_keeps_a_gpu_from_being_given_out(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=1)
    uuid = agent.gpus[0].uuid
    agent.beat(pids={uuid: [5]}, foreign={uuid: [5]})
    job = lab.submit(resources={"gpus": 1})
    assert lab.schedule() == []
    agent.beat()
    assert lab.schedule() == [job["id"]]


def test_shared_gpus_are_freed_one_by_one(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=1)
    uuid = agent.gpus[0].uuid
    share = {"gpus": 1, "gpu_share": True, "gpu_memory": 10 * 1024**3}
    first, second = running(lab, agent, resources=share), running(lab, agent, resources=share)
    third = lab.submit(resources=share)
    assert lab.schedule() == []
    first.finish("failed", fault="user", exit_code=1)
    agent.beat(second, pids={uuid: [8]})
    assert lab.schedule() == [third["id"]]
    with lab.db.read() as session:
        live = session.scalars(
            select(Allocation.slot).where(Allocation.released_at.is_(None), Allocation.gpu_uuid == uuid)
        ).all()
    assert sorted(live) == [0, 1]


def test_an_agent_that_shuts_down_gets_nothing_new(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    agent.beat(draining=True)
    job = lab.submit()
    assert lab.schedule() == []
    why = lab.as_("vera").get(f"/api/jobs/{job['id']}/explain").json()
    assert why["nodes"] == {"gpu1": "is shutting its agent down"}
    agent.register(agent.token)
    agent.beat()
    assert lab.schedule() == [job["id"]]


def test_a_removed_node_is_turned_away(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    assert lab.as_("admin").delete(f"/api/nodes/{agent.id}").status_code == 204
    assert agent.heartbeat().status_code == 401


def test_history_is_kept_once_a_minute(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    for _ in range(3):
        agent.beat()
    with lab.db.write() as session:
        assert session.scalar(select(func.count()).select_from(NodeHistory)) == 1
        for row in session.scalars(select(NodeHistory)):
            row.at -= timedelta(seconds=61)
            session.get_one(Node, row.node_id).history_at = row.at
    agent.beat()
    points = lab.as_("vera").get(f"/api/nodes/{agent.id}/history").json()
    assert [point["sample"]["cpu_percent"] for point in points] == [3.0, 3.0]
    assert lab.as_("vera").get(f"/api/nodes/{agent.id}/history", params={"hours": 0.01}).json() == points[1:]


def test_it_costs_the_same_however_many_members_there_are(lab: Lab) -> None:
    agent = lab.agent("gpu1", cpus=64)
    statements: list[str] = []

    def cost(*members: RunningMember) -> int:
        statements.clear()
        agent.beat(*members)
        return len(statements)

    members = [running(lab, agent)]
    event.listen(lab.db.engine, "before_cursor_execute", lambda *args: statements.append(str(args[2])))
    agent.beat(*members)
    one = cost(*members)
    members += [running(lab, agent) for _ in range(9)]
    assert cost(*members) <= one + 1


def test_a_changed_interval_reaches_the_agent(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    with lab.db.write() as session:
        set_settings(session, "test", SystemSettings(heartbeat_seconds=2.5))
    assert agent.beat()["heartbeat_seconds"] == 2.5


def test_a_gpu_of_a_lost_node_is_given_out_only_once_it_is_proved_empty(lab: Lab) -> None:
    """Cut off for longer than the lease: the job goes on elsewhere, and what was left of it may still fill the GPU."""
    agent = lab.agent("gpu1", gpus=1)
    uuid = agent.gpus[0].uuid
    member = running(lab, agent, resources={"gpus": 1})
    lab.age_node(agent.id, 121)
    reaper.reap(lab.master, lambda _: None, Pulse(lab.master))
    job = lab.row(member.spec["job_id"])
    assert (job.state, lab.attempt(job.id, 1).state) == ("pending", "lost")
    agent.beat(member, pids={uuid: [77]})
    assert lab.schedule() == [], "its zombie is still there"
    assert member.log(0, b"late").status_code == 410
    agent.beat(pids={uuid: [77]})
    assert lab.schedule() == [], "and a process of it on the GPU"
    agent.beat(pids={uuid: []})
    assert lab.schedule() == [job.id]


def test_the_claim_says_when_a_job_must_stop_that_may_not_run_on_alone(lab: Lab) -> None:
    agent = lab.agent("gpu1")
    requests = ({}, {"on_partition": "stop"}, {"on_partition": "stop", "lease": 600})
    found = [running(lab, agent, **request).spec["stop_after"] for request in requests]
    assert found == [None, 120.0, 600.0]
