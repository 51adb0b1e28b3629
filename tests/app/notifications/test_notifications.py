"""Notifications against a receiver on this machine: what is told to whom, signed, once, and again until it arrives."""

import hashlib
import hmac
import json
import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.errors import Unprocessable
from app.models import Destination, Node, Notification
from app.notifications import addresses, guard, outbox, robots
from app.notifications.outbox import Outbox
from app.notifications.sending import NotSent
from proteinx.contracts.notifications import Kind
from tests.app.lab import Lab


@dataclass
class Receiver:
    url: str
    answers: list[int] = field(default_factory=list)
    """The next replies' statuses; 200 from then on."""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture(scope="module")
def server() -> Iterator[Receiver]:
    receiver = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
            status = receiver.answers.pop(0) if receiver.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{http.server_port}"
    yield receiver
    http.shutdown()
    http.server_close()


@pytest.fixture
def receiver(server: Receiver, lab: Lab) -> Receiver:
    server.answers.clear()
    server.got.clear()
    lab.settings.notify_local = True
    return server


def no_fence(_: Session) -> None:
    """This process leads."""


def add(lab: Lab, who: str = "alice", **changes: Any) -> dict[str, Any]:
    body = {"name": "mine", "events": ["job.failed", "job.cancelled"], **changes}
    reply = lab.as_(who).post("/api/notifications", json=body)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


def turn(lab: Lab, box: Outbox | None = None) -> Outbox:
    box = box or Outbox(lab.master)
    box.note(no_fence)
    box.deliver(no_fence)
    return box


def cancelled(lab: Lab, who: str = "alice", **request: Any) -> str:
    job = lab.submit(who, **request)
    assert lab.as_(who).post(f"/api/jobs/{job['id']}/cancel").status_code == 200
    return str(job["id"])


def due_now(lab: Lab) -> None:
    with lab.db.write() as session:
        session.execute(update(Notification).values(not_before=now()))


def test_a_signed_webhook_tells_of_ones_own_jobs_once(lab: Lab, receiver: Receiver) -> None:
    lab.settings.public_url = "https://lab.example.org/"
    made = add(lab, url=f"{receiver.url}/hook?token=hidden", secret="a signing key")
    assert made["signing_key"] == "a signing key"
    job_id = cancelled(lab, name="first")
    cancelled(lab, "bob")
    box = turn(lab)
    turn(lab, box)
    turn(lab)  # another process, or this one after a restart
    [(headers, body)] = receiver.got
    expected = hmac.new(b"a signing key", headers["x-proteinx-timestamp"].encode() + b"." + body, hashlib.sha256)
    assert headers["x-proteinx-signature"] == f"sha256={expected.hexdigest()}"
    assert headers["host"] == receiver.url.removeprefix("http://")
    [told] = receiver.bodies
    assert (told["event"], told["title"]) == ("job.cancelled", "ProteinX: first was cancelled")
    assert told["data"]["id"] == job_id
    assert told["text"].endswith(f"https://lab.example.org/jobs/{job_id}")
    [view] = lab.as_("alice").get("/api/notifications").json()
    assert (view["waiting"], view["last_error"], view["address"]) == (0, "", f"{receiver.url}/…")
    assert view["last_sent_at"] is not None


def test_what_happened_before_or_is_not_wanted_is_not_told(lab: Lab, receiver: Receiver) -> None:
    cancelled(lab)
    add(lab, url=receiver.url, events=["job.failed"])
    cancelled(lab)
    turn(lab)
    assert receiver.got == []


def test_an_admin_hears_of_everybody_and_of_machines(lab: Lab, receiver: Receiver) -> None:
    refused = lab.as_("alice").post(
        "/api/notifications", json={"name": "all", "events": ["job.failed"], "url": receiver.url, "scope": "everyone"}
    )
    assert refused.status_code == 403
    add(lab, "admin", url=receiver.url, events=["job.cancelled", "node.lost"], scope="everyone", language="zh")
    agent = lab.agent("gpu1")
    cancelled(lab, name="实验")
    turn(lab)
    lab.age_node(agent.id, 600)
    turn(lab)
    turn(lab)
    assert [told["title"] for told in receiver.bodies] == ["ProteinX: 实验 已取消", "ProteinX: 机器 gpu1 失联"]
    agent.beat()
    with lab.db.write() as session:
        session.execute(update(Node).values(last_heartbeat_at=now() - timedelta(seconds=601)))
    turn(lab)
    assert len(receiver.got) == 3, "lost again is told again"


def test_trials_are_told_by_their_sweep(lab: Lab, receiver: Receiver) -> None:
    add(lab, url=receiver.url, events=["job.cancelled", "sweep.ended"])
    from app.sweeps.conducting import Conductor

    body = {"job": {"project": "greet"}, "space": {"epochs": {"values": [1, 2]}}, "metric": "loss"}
    sweep_id = lab.as_("alice").post("/api/sweeps", json=body).json()["id"]
    conductor = Conductor(lab.master)
    conductor.turn(no_fence)
    assert lab.as_("alice").post(f"/api/sweeps/{sweep_id}/stop").status_code == 200
    from app.scheduling import closing

    closing.bring_runs_in_line(lab.master, no_fence)
    conductor.turn(no_fence)
    turn(lab)
    assert [told["title"] for told in receiver.bodies] == ["ProteinX: The sweep greet-sweep is stopped"]


def test_it_is_tried_again_with_growing_pauses_until_it_arrives(lab: Lab, receiver: Receiver) -> None:
    made = add(lab, url=receiver.url)
    cancelled(lab)
    receiver.answers[:] = [500, 302]
    box = turn(lab)
    turn(lab, box)
    assert len(receiver.got) == 1, "not before its pause is over"
    due_now(lab)
    turn(lab, box)
    assert lab.as_("alice").get("/api/notifications").json()[0]["last_error"] == "127.0.0.1 answered 302"
    due_now(lab)
    turn(lab, box)
    deliveries = {headers["x-proteinx-delivery"] for headers, _ in receiver.got}
    assert (len(receiver.got), len(deliveries)) == (3, 1)
    [row] = lab.as_("alice").get(f"/api/notifications/{made['id']}/log").json()
    assert (row["state"], row["tries"], row["error"]) == ("sent", 3, "")
    assert [outbox.pause(tries) for tries in (1, 2, 3, 20)] == [10, 20, 40, 3600]


def test_after_many_tries_it_is_given_up(lab: Lab, receiver: Receiver) -> None:
    add(lab, url=receiver.url)
    cancelled(lab)
    receiver.answers[:] = [500] * outbox.TRIES
    box = turn(lab)
    for _ in range(outbox.TRIES):
        due_now(lab)
        turn(lab, box)
    assert len(receiver.got) == outbox.TRIES
    with lab.db.read() as session:
        [row] = session.scalars(select(Notification))
    assert (row.state, row.error) == ("dropped", "127.0.0.1 answered 500")


def test_a_dead_receiver_holds_up_no_other(lab: Lab, receiver: Receiver) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        add(lab, url=f"http://127.0.0.1:{taken.getsockname()[1]}", name="dead")
        add(lab, url=receiver.url, name="alive")
        cancelled(lab)
        cancelled(lab)
        turn(lab)
    assert len(receiver.got) == 2
    views = {one["name"]: one for one in lab.as_("alice").get("/api/notifications").json()}
    assert views["dead"]["waiting"] == 2
    assert "does not answer" in views["dead"]["last_error"]


def test_secrets_are_never_shown_again_nor_logged(
    lab: Lab, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    made = add(lab, url=f"{receiver.url}/hook?token=hidden-token", secret="hidden-key")
    receiver.answers[:] = [500, 500]
    assert lab.as_("alice").post(f"/api/notifications/{made['id']}/test").json()["sent"] is False
    cancelled(lab)
    turn(lab)
    shown = [lab.as_("alice").get(path).text for path in ("/api/notifications", f"/api/notifications/{made['id']}/log")]
    shown.append(lab.as_("admin").get("/api/audit").text)
    for text in [*shown, *(record.getMessage() for record in caplog.records if record.name.startswith("app"))]:
        assert "hidden" not in text


def test_everyones_own_and_only_theirs(lab: Lab, receiver: Receiver) -> None:
    made = add(lab, url=receiver.url)
    path = f"/api/notifications/{made['id']}"
    bob = lab.as_("bob")
    change = {"name": "new", "events": ["job.failed"], "paused": True}
    assert bob.get("/api/notifications").json() == []
    assert {
        bob.put(path, json=change).status_code,
        bob.delete(path).status_code,
        bob.get(f"{path}/log").status_code,
    } == {404}
    assert lab.as_("vera").post("/api/notifications", json={**change, "url": receiver.url}).status_code == 403
    assert lab.as_("alice").put(path, json=change).json()["paused"] is True
    cancelled(lab)
    turn(lab)
    assert receiver.got == []
    assert lab.as_("alice").post(f"{path}/test").json() == {"sent": True, "detail": ""}
    assert receiver.bodies[0]["event"] == "test"
    assert lab.as_("alice").delete(path).status_code == 204
    with lab.db.read() as session:
        assert session.scalars(select(Destination)).all() == []


HERE = ("127.0.0.1", "localhost", "[::1]", "169.254.169.254", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433", "127.1")


def test_nothing_goes_to_the_masters_own_machine(lab: Lab) -> None:
    for url in [form.format(host) for host in HERE for form in ("http://{}:8000/x", "mailtos://u:p@{}?to=a@x.org")]:
        body = {"name": "x", "events": ["job.failed"], "url": url}
        reply = lab.as_("alice").post("/api/notifications", json=body)
        assert (reply.status_code, reply.json()["error"], reply.json()["field"]) == (422, "local_destination", "url")


def test_a_name_that_comes_to_mean_this_machine_is_refused_when_it_is_used(lab: Lab, receiver: Receiver) -> None:
    add(lab, url=receiver.url)
    lab.settings.notify_local = False
    cancelled(lab)
    turn(lab)
    assert receiver.got == []
    assert "own machine" in lab.as_("alice").get("/api/notifications").json()[0]["last_error"]


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.0.9", "fd00::1"])
def test_the_labs_own_network_is_allowed(address: str) -> None:
    assert guard.reach(address, 80, local=False) == address


@pytest.mark.parametrize(
    ("url", "secret", "kind"),
    [
        ("https://open.feishu.cn/open-apis/bot/v2/hook/aaaa-bbbb", None, "feishu"),
        ("https://open.larksuite.com/open-apis/bot/v2/hook/aaaa-bbbb", None, "lark"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=aaaa-bbbb", None, "wecom"),
        ("https://oapi.dingtalk.com/robot/send?access_token=aaaabbbb", "SEC12345678", "dingtalk"),
        ("https://hooks.slack.com/services/T1JJJ3T3L/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", None, "slack"),
        ("mailtos://user:password@mail.example.org?from=px@example.org&to=a@example.org", None, "email"),
        ("feishu://aaaabbbb", None, "feishu"),
    ],
)
def test_services_are_known_by_the_address_that_they_give(url: str, secret: str | None, kind: str) -> None:
    found = addresses.parse(url, secret)
    assert found.kind == kind
    robots.check(found.kind, found.url)
    for part in ("aaaa", "password", "SEC12345678", "TIiajkdnlazkcOXrIdevi"):
        assert part not in found.shown


@pytest.mark.parametrize(
    "url",
    ["ftp://x", "exec:///bin/sh", "https://open.feishu.cn/elsewhere", "http://u:p@x.org", "syslog://x", "nonsense"],
)
def test_all_else_is_refused(url: str) -> None:
    with pytest.raises(Unprocessable, match="Feishu, Lark, WeCom"):
        addresses.parse(url, None)


ROBOTS: list[tuple[Kind, str]] = [
    ("feishu", "feishu://aaaabbbb"),
    ("lark", "lark://aaaabbbb"),
    ("wecom", "wecombot://aaaabbbb"),
    ("dingtalk", "dingtalk://SEC12345678@aaaabbbb"),
    ("slack", "slack://T1JJJ3T3L/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"),
]


def test_robots_get_what_their_service_takes(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The services themselves can't be had here: their address is this receiver's, all else is Apprise's own."""
    for kind, url in ROBOTS:
        plugin = robots._PLUGINS[kind]
        name = "webhook_url" if kind == "slack" else "notify_url"
        monkeypatch.setattr(plugin, name, f"{receiver.url}/")
        monkeypatch.setattr(plugin, "request_rate_per_sec", 0)
        receiver.got.clear()
        receiver.answers[:] = [403]
        with pytest.raises(NotSent) as refused:
            robots.send(kind, url, "title", "text 文", bad=True, host=None, port=443, local=False)
        assert not re.search("aaaabbbb|TIiajkdnlazk", str(refused.value))
        assert "text 文" in json.dumps(receiver.bodies[0], ensure_ascii=False)


class Mailbox(socketserver.StreamRequestHandler):
    """As much of an SMTP server as takes one letter."""

    letters: ClassVar[list[str]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in iter(self.rfile.readline, b""):
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.letters.append(letter.decode())
            self.wfile.write(b"250 ok\r\n")


def test_a_letter_is_sent(lab: Lab) -> None:
    lab.settings.notify_local = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        add(lab, url=f"mailto://127.0.0.1:{port}?from=px@example.org&to=ana@example.org&mode=insecure")
        cancelled(lab, name="letter")
        turn(lab)
        server.shutdown()
    [letter] = Mailbox.letters
    assert "ana@example.org" in letter
    assert "letter was cancelled" in letter
    assert lab.as_("alice").get("/api/notifications").json()[0]["last_error"] == ""
