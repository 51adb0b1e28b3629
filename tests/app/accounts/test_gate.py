"""Every route, by every method, with every kind of credential that should not open it."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import WebSocketRoute
from starlette.testclient import WebSocketDenialResponse

from app.accounts import tokens
from app.accounts.gate import PUBLIC
from app.clock import now
from app.models import Attempt, Job, Member, Node, Snapshot, User
from app.packages import wheel
from proteinx.contracts.protocol import JOB_TOKEN, NODE_TOKEN
from tests.app.front_door import House, bearer, house

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
OURS, THEIRS = "a" * 32, "b" * 32


@dataclass(frozen=True)
class Keys:
    """Credentials: an admin's, a viewer's, a node's, and that of one job's attempt and of an ended one."""

    admin: str
    viewer: str
    node: str
    attempt: str
    ended: str


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("gate")) as made:
        yield made


@pytest.fixture(scope="module")
def keys(home: House) -> Keys:
    admin = home.set_up()
    viewer = home.add(admin, "vi", "viewer")
    node_id, secret, node = tokens.make(NODE_TOKEN)
    with home.app.state.master.db.write() as session:
        owner = session.query(User.id).filter(User.name == "ada").scalar()
        for digest in ("d" * 64, "e" * 64):
            session.add(
                Snapshot(digest=digest, project_path=".", size=1, file_count=1, entry_points=[], created_at=now())
            )
        session.add(_node(node_id, "n1", tokens.hash_secret(secret)))
        session.add(_node("f" * 16, "n2", "0" * 64))
        session.flush()
        running = _attempt(session, OURS, owner, "f" * 16, "running")
        ended = _attempt(session, "c" * 32, owner, "f" * 16, "failed")
        _attempt(session, THEIRS, owner, "f" * 16, "running")
    return Keys(admin, viewer, node, running, ended)


def _node(node_id: str, name: str, secret_hash: str) -> Node:
    return Node(
        id=node_id,
        name=name,
        secret_hash=secret_hash,
        state="active",
        boot_id="b",
        cpus=1,
        memory_bytes=1,
        info={},
        last_heartbeat_at=None,
        joined_at=now(),
        removed_at=None,
        owner_id=None,
    )


def _attempt(session: Any, job_id: str, owner: str, node_id: str, state: str) -> str:
    token_id, secret, text = tokens.make(JOB_TOKEN)
    over = state == "failed"
    job = Job(
        id=job_id,
        name="j",
        owner_id=owner,
        project="p",
        snapshot="e" * 64 if job_id == THEIRS else "d" * 64,
        entry_point="main",
        parameters={},
        overrides=[],
        inputs={},
        config=None,
        resources={},
        experiment="e",
        experiment_id="1",
        tags={},
        notes="",
        max_attempts=1,
        time_limit=None,
        lease=None,
        grace=1.0,
        register_as=None,
        registered_version=None,
        idempotency_key=None,
        parent_job=None,
        state="failed" if over else "running",
        attempt=1,
        not_before=None,
        run_status="RUNNING",
        created_at=now(),
        started_at=None,
        ended_at=None,
    )
    session.add(job)
    session.flush()
    session.add(
        Attempt(
            job_id=job_id,
            number=1,
            state=state,
            fault=None,
            exit_code=None,
            assigned_at=now(),
            started_at=None,
            ended_at=None,
            renewed_at=now(),
        )
    )
    session.flush()
    session.add(
        Member(
            job_id=job_id,
            attempt=1,
            rank=0,
            node_id=node_id,
            state=state,
            rung_at=None,
            token_id=token_id,
            token_hash=tokens.hash_secret(secret),
        )
    )
    session.flush()
    return text


def _paths(routes: Any, prefix: str = "") -> Iterator[tuple[str, bool]]:
    """(path template, is it a websocket) of every route, included routers and mounts too."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from _paths(route.original_router.routes, prefix + route.include_context.prefix)
        else:
            yield prefix + route.path, isinstance(route, WebSocketRoute) or "WebSocket" in type(route).__name__


def all_paths(app: FastAPI) -> list[str]:
    found = sorted({path for path, websocket in _paths(app.routes) if not websocket})
    assert set(app.openapi()["paths"]) <= {path.replace(":path}", "}") for path in found}, "the walk misses routes"
    return [*found, "/", "/nowhere", "/api", "/api/", "/api/health/", "/api/setup/", "//api/health", "/api//health"]


def fill(template: str, job_id: str = THEIRS) -> str:
    """Names things that exist and are somebody else's."""
    known = {
        "job_id": job_id,
        "node_id": "f" * 16,
        "number": "1",
        "attempt": "1",
        "step": "1",
        "n": "1",
        "digest": "e" * 64,
    }
    return re.sub(r"\{(\w+)(:path)?\}", lambda found: known.get(found[1], "x"), template)


def _json(token: str) -> dict[str, str]:
    return {**bearer(token), "Content-Type": "application/json"}


def _ask(home: House, method: str, path: str, headers: Mapping[str, str]) -> Any:
    return home.client.request(method, path, headers=dict(headers), content=b"{}")


def _bodies(home: House) -> dict[str, str]:
    """Bodies that pass validation, so that a refusal is one of rights."""
    heartbeat = {
        "protocol": 1,
        "boot_id": "b",
        "sent_at": now().isoformat(),
        "sample": {"cpu_percent": 1, "memory_used_bytes": 1, "disk_free_bytes": 1, "disk_total_bytes": 1},
    }
    return {
        "/api/users": json.dumps({"name": "eve", "password": "a long password"}),
        "/api/users/{user_id}": json.dumps({"role": "admin"}),
        "/api/workdir": json.dumps({"path": "/tmp/x"}),
        "/api/workdir/check": json.dumps({"path": "/tmp/x"}),
        "/api/join-tokens": "{}",
        "/api/settings": "{}",
        "/api/jobs": json.dumps({"project": "p"}),
        "/api/jobs/{job_id}/attempts/{number}/claim": json.dumps({"protocol": 1, "dispatch_id": "x"}),
        "/api/jobs/{job_id}/attempts/{number}/state": json.dumps({"state": "finalizing"}),
        "/api/jobs/{job_id}/attempts/{number}/finish": json.dumps({"outcome": "succeeded"}),
        "/api/nodes/heartbeat": json.dumps(heartbeat),
        "/api/nodes/{node_id}/drain": json.dumps({"reason": "x"}),
        "/api/models/{name}/versions": json.dumps({"job_id": THEIRS}),
    }


BAD = {
    "none": {},
    "unknown token": bearer("px_u_0123456789abcdef_" + "0" * 64),
    "garbage": bearer("x"),
    "empty": {"Authorization": "Bearer "},
    "basic": {"Authorization": "Basic YWRhOmNvcnJlY3QgaG9yc2U="},
    "bad cookie": {"Cookie": "proteinx_session=px_c_0123456789abcdef_" + "0" * 64, "Origin": "http://master.lan:8000"},
    "odd cookie": {"Cookie": 'proteinx_session="; proteinx_session=x', "Origin": "http://master.lan:8000"},
}


@pytest.mark.parametrize("kind", BAD)
def test_nothing_answers_without_a_credential(home: House, keys: Keys, kind: str) -> None:
    for template in all_paths(home.app):
        for method in METHODS if kind == "none" else ("GET", "POST"):
            if (method, template) in PUBLIC:
                continue
            reply = _ask(home, method, fill(template), BAD[kind])
            assert reply.status_code == 401, f"{method} {template}: {reply.status_code}"
            assert "www-authenticate" in reply.headers
            if method != "HEAD":
                assert reply.json()["error"] in ("unauthorized", "bad_token")


def test_the_public_routes_are_these_and_no_more() -> None:
    assert {f"{method} {path}" for method, path in PUBLIC} == {
        "GET /api/health",
        "HEAD /api/health",
        "POST /api/setup",
        "POST /api/session",
        f"GET /packages/{wheel.FILENAME}",
    }


def test_a_cookie_is_no_bearer_token_and_two_tokens_are_none(home: House, keys: Keys) -> None:
    cookie = home.sign_in("ada").partition("=")[2]
    assert home.client.get("/api/session", headers=bearer(cookie)).status_code == 401
    twice = [("Authorization", f"Bearer {keys.admin}"), ("Authorization", f"Bearer {keys.viewer}")]
    assert home.client.get("/api/session", headers=twice).status_code == 401


def test_a_token_in_the_url_is_none(home: House, keys: Keys) -> None:
    assert home.client.get("/api/session", params={"token": keys.admin}).status_code == 401


VIEWER_MAY = {
    "POST /api/tokens",
    "DELETE /api/session",
    "POST /api/jobs/{job_id}/clone",
}  # the last answers a draft only


def test_viewer_changes_nothing(home: House, keys: Keys) -> None:
    bodies = _bodies(home)
    for template in all_paths(home.app):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if f"{method} {template}" in VIEWER_MAY or (method, template) in PUBLIC or "mlflow" in template:
                continue
            content = bodies.get(template, "{}")
            reply = home.client.request(method, fill(template), headers=_json(keys.viewer), content=content)
            assert 400 <= reply.status_code < 500, f"{method} {template}: {reply.status_code} {reply.text}"
            if template in bodies and reply.status_code != 405:
                assert reply.status_code in (403, 404), f"{method} {template}: {reply.status_code} {reply.text}"


DOCS = {"GET /docs", "GET /openapi.json"}
NODE_MAY = {"POST /api/nodes/heartbeat"}


def test_a_node_speaks_for_itself_only(home: House, keys: Keys) -> None:
    bodies = _bodies(home)
    for template in all_paths(home.app):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if f"{method} {template}" in NODE_MAY | DOCS or (method, template) in PUBLIC:
                continue
            content = bodies.get(template, "{}")
            reply = home.client.request(method, fill(template), headers=_json(keys.node), content=content)
            assert 400 <= reply.status_code < 500, f"{method} {template}: {reply.status_code} {reply.text}"


@pytest.mark.parametrize("kind", ["attempt", "ended"])
def test_an_attempt_reaches_no_other_job(home: House, keys: Keys, kind: str) -> None:
    bodies = _bodies(home)
    for template in all_paths(home.app):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if (method, template) in PUBLIC or f"{method} {template}" in DOCS:
                continue
            content = bodies.get(template, "{}")
            reply = home.client.request(method, fill(template), headers=_json(getattr(keys, kind)), content=content)
            assert 400 <= reply.status_code < 500, f"{method} {template}: {reply.status_code} {reply.text}"


def test_an_ended_attempt_is_told_to_stop(home: House, keys: Keys) -> None:
    report = {"state": "finalizing"}
    url = f"/api/jobs/{'c' * 32}/attempts/1/state"
    assert home.client.post(url, json=report, headers=bearer(keys.ended)).status_code == 410
    assert home.client.get("/mlflow/version", headers=bearer(keys.ended)).status_code == 410


def test_websockets_are_behind_the_gate_too(home: House, keys: Keys) -> None:
    sockets = [path for path, websocket in _paths(home.app.routes) if websocket]
    assert "/api/live" in sockets
    cookie = home.sign_in("ada")
    foreign = {"Cookie": cookie, "Origin": "http://evil.example"}
    for path in [*sockets, "/mlflow/", "/nowhere"]:
        for headers, status in (({}, 401), (BAD["unknown token"], 401), (foreign, 403), ({"Cookie": cookie}, 403)):
            with pytest.raises(WebSocketDenialResponse) as denied, home.client.websocket_connect(path, headers=headers):
                raise AssertionError(f"{path} let {headers} in")
            assert denied.value.status_code == status


def test_a_browser_gets_a_page_to_sign_in_on(home: House, keys: Keys) -> None:
    reply = home.client.get("/docs", headers={"Accept": "text/html,application/xhtml+xml"})
    assert reply.status_code == 401
    assert 'data-mode="sign-in"' in reply.text
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", reply.text)


def test_the_api_is_documented_without_anybody_elses_script(home: House, keys: Keys) -> None:
    reply = home.client.get("/docs", headers=bearer(keys.viewer))
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", reply.text)
    paths = home.client.get("/openapi.json", headers=bearer(keys.viewer)).json()["paths"]
    assert all(path.split("/")[1] == "api" for path in paths)  # the page groups by the part after that


def test_first_run_page_asks_for_the_setup_token(tmp_path: Path) -> None:
    with house(tmp_path) as fresh:
        reply = fresh.client.get("/", headers={"Accept": "text/html"})
        assert 'data-mode="setup"' in reply.text
        assert fresh.setup_token not in reply.text


def test_no_secret_reaches_the_logs(home: House, keys: Keys, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        home.client.get("/api/session", params={"token": keys.admin}, headers=bearer(keys.admin))
        home.client.get("/api/session", headers=bearer("px_u_0123456789abcdef_" + "1" * 64))
        home.client.post("/api/session", json={"name": "ada", "password": "my secret guess"})
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    written = ours + "".join(path.read_text() for path in (home.state / "logs").glob("*.log"))
    for secret in (keys.admin, keys.node, keys.attempt, "1" * 64, "my secret guess"):
        assert secret not in written


def test_the_database_holds_no_secret(home: House, keys: Keys) -> None:
    stored = b"".join(path.read_bytes() for path in home.state.glob("proteinx.db*"))
    for text in (keys.admin, keys.viewer, keys.node, keys.attempt):
        assert text.rpartition("_")[2].encode() not in stored
