"""The WebSocket: logs followed byte by byte over attempts, job states after their logs, nodes, rights."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from app.live.connection import Timing
from app.models import ApiToken, User
from tests.app.lab import Agent, Lab

CHINESE = "第一轮 损失 0.5\n"


@contextmanager
def live(lab: Lab, who: str = "vera") -> Iterator[WebSocketTestSession]:
    with lab.as_(who).websocket_connect("/api/live") as socket:
        yield socket


def subscribe(socket: WebSocketTestSession, topic: str, **more: Any) -> None:
    socket.send_text(json.dumps({"op": "subscribe", "topic": topic, **more}))


def until(socket: WebSocketTestSession, kind: str) -> dict[str, Any]:
    """The next message of this type; pytest's own timeout ends a wait for one that never comes."""
    while True:
        message: dict[str, Any] = json.loads(socket.receive_text())
        if message["type"] == kind:
            return message


def text_of(socket: WebSocketTestSession, wanted: int) -> str:
    text = ""
    while len(text) < wanted:
        text += until(socket, "log")["text"]
    return text


@pytest.fixture
def agent(lab: Lab) -> Agent:
    return lab.agent("gpu1")


def start(lab: Lab, agent: Agent) -> Any:
    job = lab.submit()
    lab.schedule()
    return agent.take(job["id"], "running")


def test_a_log_is_followed_from_its_beginning(lab: Lab, agent: Agent) -> None:
    member = start(lab, agent)
    member.log(0, b"before\n")
    with live(lab) as socket:
        subscribe(socket, f"log:{member.spec['job_id']}")
        first = until(socket, "log")
        assert (first["attempt"], first["rank"], first["offset"], first["size"], first["text"]) == (
            1,
            0,
            0,
            7,
            "before\n",
        )
        member.log(7, b"after\n")
        second = until(socket, "log")
        assert (second["offset"], second["text"]) == (7, "after\n")


def test_it_resumes_where_it_left_off(lab: Lab, agent: Agent) -> None:
    member = start(lab, agent)
    member.log(0, b"one\ntwo\n")
    with live(lab) as socket:
        subscribe(socket, f"log:{member.spec['job_id']}", attempt=1, offset=4)
        assert until(socket, "log")["text"] == "two\n"


def test_characters_arrive_whole(lab: Lab, agent: Agent) -> None:
    member = start(lab, agent)
    data = (CHINESE * 3).encode()
    with live(lab) as socket:
        subscribe(socket, f"log:{member.spec['job_id']}")
        for at in range(0, len(data), 4):
            member.log(at, data[at : at + 4])
        assert text_of(socket, len(CHINESE * 3)) == CHINESE * 3


def test_a_torn_character_at_the_very_end_is_shown_as_one_that_is_broken(lab: Lab, agent: Agent) -> None:
    member = start(lab, agent)
    member.log(0, "好".encode()[:2])
    with live(lab) as socket:
        subscribe(socket, f"log:{member.spec['job_id']}")
        assert until(socket, "job")["state"] == "running"
        member.finish("failed", fault="user", exit_code=1)
        message = until(socket, "log")
        assert (message["size"], message["text"]) == (2, "\ufffd")
        assert until(socket, "job")["state"] == "failed"


def test_a_long_log_comes_in_pieces(lab: Lab, agent: Agent) -> None:
    member = start(lab, agent)
    data = "酶".encode() * 100_000
    member.log(0, data)
    with live(lab) as socket:
        subscribe(socket, f"log:{member.spec['job_id']}")
        sizes, text = [], ""
        while len(text) < 100_000:
            message = until(socket, "log")
            sizes.append(message["size"])
            text += message["text"]
    assert text == "酶" * 100_000
    assert max(sizes) <= 64 * 1024


def test_it_goes_on_with_the_next_attempt_and_ends_with_the_jobs_end(lab: Lab, agent: Agent) -> None:
    member = start(lab, agent)
    job_id = member.spec["job_id"]
    member.log(0, b"first attempt\n")
    with live(lab) as socket:
        subscribe(socket, f"log:{job_id}")
        assert until(socket, "log")["text"] == "first attempt\n"
        member.log(14, b"dies\n")
        member.finish("preempted")
        agent.runs.clear()
        lab.schedule()
        second = agent.take(job_id, "running")
        second.log(0, b"second attempt\n")
        second.succeed()
        seen = []
        while not seen or seen[-1][:2] != ("job", "succeeded"):
            message = json.loads(socket.receive_text())
            what = message["text"] if message["type"] == "log" else message["state"]
            seen.append((message["type"], what, message["attempt"]))
    logs = [entry[1:] for entry in seen if entry[0] == "log"]
    assert logs == [("dies\n", 1), ("second attempt\n", 2)]
    assert seen[-1] == ("job", "succeeded", 2)
    assert seen[-2][0] == "log" or seen[-2][1] == "running"


def test_a_log_of_another_rank(lab: Lab) -> None:
    agents = [lab.agent("gpu1"), lab.agent("gpu2")]
    job = lab.submit(resources={"nodes": 2})
    lab.schedule()
    members = [agent.take(job["id"], "running") for agent in agents]
    second = next(member for member in members if member.spec["rank"] == 1)
    with live(lab) as socket:
        subscribe(socket, f"log:{job['id']}/1")
        second.log(0, b"rank one\n")
        message = until(socket, "log")
        assert (message["rank"], message["text"]) == (1, "rank one\n")


def test_jobs_and_one_job(lab: Lab, agent: Agent) -> None:
    first = lab.submit()
    with live(lab) as everything, live(lab) as one:
        subscribe(everything, "jobs")
        subscribe(one, f"job:{first['id']}")
        assert until(one, "job")["state"] == "pending"
        _settled(everything)
        second = lab.submit()
        assert until(everything, "job")["job_id"] == second["id"]
        lab.as_("alice").post(f"/api/jobs/{first['id']}/cancel")
        assert until(everything, "job") == until(one, "job")
        assert lab.job(first["id"])["state"] == "cancelled"


def _settled(socket: WebSocketTestSession) -> None:
    """Messages are answered in order: once this one was refused, the earlier ones have taken effect."""
    subscribe(socket, "nonsense")
    assert until(socket, "error")["error"] == "unknown_topic"


def test_nodes(lab: Lab, agent: Agent) -> None:
    lab.app.state.live_timing = Timing(nodes=0.0)
    with live(lab) as socket:
        subscribe(socket, "nodes")
        first = until(socket, "node")
        assert (first["node_id"], first["data"]["name"]) == (agent.id, "gpu1")
        lab.as_("admin").post(f"/api/nodes/{agent.id}/drain", json={"reason": "new disk"})
        assert until(socket, "node")["data"]["state"] == "draining"
        lab.as_("admin").delete(f"/api/nodes/{agent.id}")
        gone = until(socket, "node")
        assert (gone["node_id"], gone["data"]) == (agent.id, {})


def test_news_of_another_process_come_with_the_sweep(lab: Lab, agent: Agent) -> None:
    lab.app.state.live_timing = Timing(sweep=0.05)
    member = start(lab, agent)
    with live(lab) as socket:
        subscribe(socket, f"log:{member.spec['job_id']}")
        assert until(socket, "job")["state"] == "running"
        lab.master.storage.append(f"logs/{member.spec['job_id']}/1.0.log", 0, b"unannounced\n")
        assert until(socket, "log")["text"] == "unannounced\n"


def test_unsubscribing_ends_it(lab: Lab, agent: Agent) -> None:
    member = start(lab, agent)
    topic = f"log:{member.spec['job_id']}"
    with live(lab) as socket:
        subscribe(socket, topic)
        assert until(socket, "job")["state"] == "running"
        socket.send_text(json.dumps({"op": "unsubscribe", "topic": topic}))
        _settled(socket)
        member.log(0, b"unheard\n")
        subscribe(socket, f"job:{member.spec['job_id']}")
        assert json.loads(socket.receive_text())["type"] == "job"


@pytest.mark.parametrize("topic", ["log:" + "0" * 32, "job:x", "what", "log:x/y", ""])
def test_topics_that_are_none(lab: Lab, topic: str) -> None:
    with live(lab) as socket:
        subscribe(socket, topic)
        message = until(socket, "error")
        assert (message["error"] in ("unknown_job", "unknown_topic"), message["topic"]) == (True, topic)


def test_nonsense_is_answered_and_the_connection_goes_on(lab: Lab) -> None:
    job = lab.submit()
    with live(lab) as socket:
        for nonsense in ("", "{", "[]", '{"op": "shout", "topic": "jobs"}'):
            socket.send_text(nonsense)
            assert until(socket, "error")["error"] == "invalid_request"
        subscribe(socket, f"job:{job['id']}")
        assert until(socket, "job")["state"] == "pending"


def test_it_pings(lab: Lab) -> None:
    lab.app.state.live_timing = Timing(ping=0.02)
    with live(lab) as socket:
        assert until(socket, "ping") == {"type": "ping"}


def test_who_lost_the_right_is_shown_out(lab: Lab) -> None:
    lab.app.state.live_timing = Timing(recheck=0.05)
    with live(lab) as socket:
        with lab.db.write() as session:
            for user in session.query(User).filter(User.name == "vera"):
                user.disabled = True
        assert until(socket, "error")["error"] == "unauthorized"
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == 1008


def test_it_is_for_people(lab: Lab, agent: Agent) -> None:
    member = start(lab, agent)
    for token in (agent.token, member.spec["token"], "px_u_wrong"):
        with pytest.raises(WebSocketDisconnect), lab.client(token).websocket_connect("/api/live"):
            pass
    with lab.db.read() as session:
        assert session.query(ApiToken).count() == 4


def test_a_line_is_seen_within_moments(lab: Lab, agent: Agent) -> None:
    """It must not wait for a poll or a tick: those would come after an hour here."""
    member = start(lab, agent)
    lab.app.state.live_timing = Timing(sweep=3600.0)
    delays = []
    with live(lab) as socket:
        subscribe(socket, f"log:{member.spec['job_id']}")
        assert until(socket, "job")["state"] == "running"
        for number in range(20):
            line = b"%06d\n" % number
            sent = threading.Thread(target=member.log, args=(number * 7, line))
            began = time.perf_counter()
            sent.start()
            assert until(socket, "log")["text"].encode() == line
            delays.append(time.perf_counter() - began)
            sent.join()
    assert min(delays) < 1.0  # a busy machine is slow at times, but not each time
    print(f"median {sorted(delays)[10] * 1000:.1f} ms, worst {max(delays) * 1000:.1f} ms")
