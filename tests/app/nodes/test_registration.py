"""Joining: tokens counted exactly, names kept apart, restarts noticed, and a lost reply repeated."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from app.models import Gpu, JoinToken
from proteinx.contracts.protocol import PROTOCOL
from tests.app.lab import Agent, Lab


def test_a_join_token_becomes_a_nodes_own(lab: Lab) -> None:
    agent = Agent(lab, "gpu1", 2, {})
    reply = agent.register(lab.join_token()).json()
    assert reply["token"].startswith(f"px_n_{reply['node_id']}_")
    assert reply["redis_url"] == f"redis://node-{reply['node_id']}@broker/0"
    assert reply["heartbeat_seconds"] == 10
    [node] = lab.as_("vera").get("/api/nodes").json()
    assert (node["name"], node["state"], node["gpus_free"], node["cpus_free"]) == ("gpu1", "active", 2, 8)
    again = agent.register(reply["token"])
    assert (again.status_code, again.json()["token"], again.json()["node_id"]) == (200, None, reply["node_id"])


def test_a_token_is_good_for_its_uses_and_no_more(lab: Lab) -> None:
    token = lab.join_token(uses=3)
    agents = [Agent(lab, f"n{number}", 0, {}) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        codes = sorted(reply.status_code for reply in pool.map(lambda agent: agent.register(token), agents))
    assert codes == [200] * 3 + [401] * 5
    assert len(lab.as_("vera").get("/api/nodes").json()) == 3


def test_an_old_or_foreign_token_joins_nothing(lab: Lab) -> None:
    agent = Agent(lab, "gpu1", 0, {})
    assert agent.register(lab.join_token(hours=-1)).status_code == 401
    assert agent.register(lab.tokens["admin"]).json()["error"] == "join_token_needed"
    assert agent.register("px_w_" + "0" * 16 + "_" + "0" * 64).status_code == 401


def test_a_name_is_one_machines(lab: Lab) -> None:
    lab.agent("gpu1")
    token = lab.join_token()
    other = Agent(lab, "gpu1", 0, {})
    reply = other.register(token)
    assert (reply.status_code, reply.json()["error"], reply.json()["field"]) == (409, "name_taken", "name")
    other.name = "gpu2"
    assert other.register(token).status_code == 200, "a refusal does not use the token up"


def test_a_node_may_take_another_free_name(lab: Lab) -> None:
    first, _ = lab.agent("gpu1"), lab.agent("gpu2")
    first.name = "gpu2"
    assert first.register(first.token).status_code == 409
    first.name = "gpu3"
    assert first.register(first.token).status_code == 200
    assert [node["name"] for node in lab.as_("vera").get("/api/nodes").json()] == ["gpu2", "gpu3"]


def test_a_join_whose_reply_was_lost_is_repeated(lab: Lab) -> None:
    agent, token = Agent(lab, "gpu1", 0, {}), lab.join_token(uses=1)
    lost = agent.register(token).json()
    again = agent.register(token)
    assert again.status_code == 200
    assert again.json()["node_id"] == lost["node_id"]
    assert agent.register(lost["token"]).status_code == 401
    agent.id, agent.token = again.json()["node_id"], again.json()["token"]
    agent.beat()
    assert agent.register(token).status_code == 401, "the node has been heard: it has its token"
    stranger = Agent(lab, "gpu1", 0, {})
    assert stranger.register(token).status_code == 401


def test_old_agents_are_told_how_to_upgrade(lab: Lab) -> None:
    agent = Agent(lab, "gpu1", 0, {})
    token = lab.join_token()
    assert agent.register(token, protocol=PROTOCOL - 1).status_code == 426
    agent.join(token)
    assert agent.heartbeat(protocol=PROTOCOL - 1).json()["error"] == "upgrade_required"


def test_gpus_follow_the_machine(lab: Lab) -> None:
    first, second = lab.agent("gpu1", gpus=2), lab.agent("gpu2", gpus=0)
    moved = first.gpus.pop()
    first.register(first.token)
    second.gpus.append(moved)
    second.register(second.token)
    with lab.db.read() as session:
        rows = {gpu.uuid: (gpu.node_id, gpu.present) for gpu in session.scalars(select(Gpu))}
    assert rows == {first.gpus[0].uuid: (first.id, True), moved.uuid: (second.id, True)}
    assert {node["name"]: node["gpus_free"] for node in lab.as_("vera").get("/api/nodes").json()} == {
        "gpu1": 1,
        "gpu2": 1,
    }


def test_a_restarted_machine_loses_what_it_ran_at_once(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=1)
    job = lab.submit(resources={"gpus": 1})
    lab.schedule()
    member = agent.take(job["id"], "running")
    assert agent.register(agent.token).status_code == 200
    assert lab.job(job["id"])["state"] == "running", "only the agent was started again"
    agent.boot_id = "after the power cut"
    assert agent.heartbeat([member]).json()["error"] == "boot_changed"
    agent.register(agent.token)
    lost = lab.job(job["id"])
    assert (lost["state"], lost["attempts"][0]["state"]) == ("pending", "lost")
    assert lost["reason"] == "node gpu1 was started again"
    assert lab.schedule() == [], "its GPU is not proved empty yet"
    agent.beat()
    assert lab.schedule() == [job["id"]]


def test_uses_are_counted_on_the_row(lab: Lab) -> None:
    token = lab.join_token(uses=2)
    Agent(lab, "gpu1", 0, {}).join(token)
    with lab.db.read() as session:
        assert session.scalars(select(JoinToken.uses_left)).all() == [1]
