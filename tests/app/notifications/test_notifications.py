"""Notifications against a receiver on this machine: what is told to whom, signed, once, and again until it arrives."""

import base64
import hashlib
import hmac
import json
import re
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.errors import Unprocessable
from app.models import Destination, Node, Notification
from app.notifications import addresses, by_apprise, groups, guard, outbox
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
    says: bytes = b""
    """What each reply has in its body."""
    paths: list[str] = field(default_factory=list)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture(scope="module")
def server() -> Iterator[Receiver]:
    receiver = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.paths.append(self.path)
            receiver.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
            status = receiver.answers.pop(0) if receiver.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(receiver.says)))
            self.end_headers()
            self.wfile.write(receiver.says)

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
    server.paths.clear()
    server.says = b""
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
        ("https://open.feishu.cn/open-apis/bot/v2/hook/aaaa-bbbb", "SEC12345678", "feishu"),
        ("feishu://aaaabbbb", None, "feishu"),
        ("dingtalk://SEC12345678@aaaabbbb", None, "dingtalk"),
    ],
)
def test_services_are_known_by_the_address_that_they_give(url: str, secret: str | None, kind: str) -> None:
    found = addresses.parse(url, secret)
    assert found.kind == kind
    (groups if found.kind in groups.ENDPOINTS else by_apprise).check(found.kind, found.url)
    for part in ("aaaa", "password", "SEC12345678", "TIiajkdnlazkcOXrIdevi"):
        assert part not in found.shown


@pytest.mark.parametrize(
    "url",
    ["ftp://x", "exec:///bin/sh", "https://open.feishu.cn/elsewhere", "http://u:p@x.org", "syslog://x", "nonsense"],
)
def test_all_else_is_refused(url: str) -> None:
    with pytest.raises(Unprocessable, match="Feishu, Lark, WeCom"):
        addresses.parse(url, None)


def test_slack_gets_what_it_takes(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The services themselves can't be had here: their address is this receiver's, all else is as it is."""
    plugin = by_apprise._PLUGINS["slack"]
    monkeypatch.setattr(plugin, "webhook_url", f"{receiver.url}/")
    monkeypatch.setattr(plugin, "request_rate_per_sec", 0)
    receiver.answers[:] = [403]
    url = "slack://T1JJJ3T3L/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    with pytest.raises(NotSent) as refused:
        by_apprise.send("slack", url, "title", "text 文", bad=True, host=None, port=443, local=False)
    assert "TIiajkdnlazk" not in str(refused.value)
    assert "text 文" in json.dumps(receiver.bodies[0], ensure_ascii=False)


@pytest.fixture
def group(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """The chat services: paths and bodies are theirs, the host is this receiver."""
    for kind, endpoint in groups.ENDPOINTS.items():
        monkeypatch.setitem(groups.ENDPOINTS, kind, receiver.url + "/" + endpoint.split("/", 3)[3])  # type: ignore[index]
    return receiver


OWN_ADDRESSES: list[tuple[Kind, str, str, bytes]] = [
    (
        "feishu",
        "https://open.feishu.cn/open-apis/bot/v2/hook/aaaa-bbbb",
        "my+secret/1",
        b'{"code": 0, "msg": "success"}',
    ),
    ("lark", "https://open.larksuite.com/open-apis/bot/v2/hook/aaaa-bbbb", "my+secret/1", b'{"StatusCode": 0}'),
    ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=aaaa-bbbb", "", b'{"errcode": 0, "errmsg": "ok"}'),
    ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=aaaabbbb", "SEC12345678", b'{"errcode": 0}'),
]


@pytest.mark.parametrize(("kind", "url", "secret", "says"), OWN_ADDRESSES)
def test_a_group_is_told_and_the_signature_fits(
    kind: Kind, url: str, secret: str, says: bytes, group: Receiver
) -> None:
    group.says = says
    groups.send(kind, addresses.parse(url, secret or None).url, "title", "text 文")
    asked = urlsplit(group.paths[0])
    assert f"{asked.path}?{asked.query}".startswith("/" + url.split("/", 3)[3])
    [body] = group.bodies
    text = body["content"]["text"] if kind in ("feishu", "lark") else body["text"]["content"]
    assert text == "title\ntext 文"
    if kind == "wecom":
        assert "sign" not in group.paths[0]
    elif kind == "dingtalk":  # decoded once, as their server does
        sent = {name: values[0] for name, values in parse_qs(asked.query).items()}
        message = f"{sent['timestamp']}\n{secret}".encode()
        assert base64.b64decode(sent["sign"]) == hmac.new(secret.encode(), message, hashlib.sha256).digest()
        assert abs(int(sent["timestamp"]) / 1000 - time.time()) < 60
    else:
        key = f"{body['timestamp']}\n{secret}".encode()
        assert base64.b64decode(body["sign"]) == hmac.new(key, b"", hashlib.sha256).digest()
        assert abs(int(body["timestamp"]) - time.time()) < 60


def test_feishus_signature_is_what_openssl_makes_of_it() -> None:
    """`printf '' | openssl dgst -sha256 -hmac $'1599360473\\ndemo' -binary | base64`"""
    assert groups.feishu_sign("demo", "1599360473") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


@pytest.mark.parametrize(
    ("kind", "status", "says", "told"),
    [
        (
            "feishu",
            200,
            b'{"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}',
            "sign match fail",
        ),
        ("wecom", 200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}', "freq out of limit"),
        ("dingtalk", 200, b'{"errcode": 310000, "errmsg": "sign not match"}', "sign not match"),
        ("dingtalk", 200, b'{"errcode": 300005, "errmsg": "token aaaabbbb is not exist"}', "dingtalk refused it"),
        ("lark", 200, b"<html>Sign in to this network</html>", "none of this service's"),
        ("feishu", 502, b"", "502"),
    ],
)
def test_a_refusal_in_a_good_answer_is_one(kind: Kind, status: int, says: bytes, told: str, group: Receiver) -> None:
    group.answers[:] = [status]
    group.says = says
    with pytest.raises(NotSent, match=told) as refused:
        groups.send(kind, f"{kind}://SEC12345678@aaaabbbb", "title", "text")
    assert not re.search("aaaabbbb|SEC12345678", str(refused.value))


def test_what_is_too_long_for_a_group_is_cut(group: Receiver) -> None:
    group.says = b'{"errcode": 0}'
    groups.send("wecom", "wecombot://aaaabbbb", "title", "文" * 2000)
    text = group.bodies[0]["text"]["content"]
    assert len(text.encode()) <= 2048
    assert text.startswith("title\n文文")
    assert text.endswith("文…")


def test_a_group_that_refuses_is_tried_again(lab: Lab, group: Receiver) -> None:
    url = "https://open.feishu.cn/open-apis/bot/v2/hook/aaaa-bbbb"
    made = add(lab, url=url, secret="SEC12345678")
    assert (made["kind"], made["signing_key"]) == ("feishu", None)
    assert "SEC12345678" not in json.dumps(made)
    group.says = b'{"code": 11232, "msg": "frequency limited"}'
    cancelled(lab)
    box = turn(lab)
    [told] = lab.as_("alice").get("/api/notifications").json()
    assert (told["waiting"], "frequency limited" in told["last_error"]) == (1, True)
    group.says = b'{"code": 0}'
    due_now(lab)
    turn(lab, box)
    [told] = lab.as_("alice").get("/api/notifications").json()
    assert (told["waiting"], told["last_error"]) == (0, "")


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
