"""A master that listens on a port, with a real MLflow behind it: shared by this folder's tests."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from app.accounts import tokens
from app.clock import now
from app.main import create_app
from app.models import Attempt, Job, Member, Node, Snapshot, User
from app.settings import Settings
from app.tracking.client import Tracking
from proteinx.contracts.protocol import JOB_TOKEN

PASSWORD = "correct horse battery"
DEADLINE = 90.0
NULLABLE = ("config", "time_limit", "lease", "register_as", "registered_version", "idempotency_key", "parent_job")


@dataclass
class Served:
    url: str
    app: Any
    workdir: Path
    state: Path
    tokens: dict[str, str]
    """By name: ada (admin), bo and cy (members), vi (viewer)."""

    @property
    def tracking(self) -> Tracking:
        return self.app.state.master.tracking  # type: ignore[no-any-return]

    def call(self, who: str | None, method: str, path: str, **arguments: Any) -> httpx.Response:
        """`who` is a person's name, or a token itself."""
        token = self.tokens.get(who, who) if who else None
        headers = {**arguments.pop("headers", {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        return httpx.request(method, self.url + path, headers=headers, timeout=60, **arguments)

    def api(self, who: str, method: str, path: str, **arguments: Any) -> httpx.Response:
        return self.call(who, method, f"/mlflow/api/2.0/mlflow/{path}", **arguments)

    def run(self, who: str, experiment_id: str = "0") -> str:
        reply = self.api(who, "POST", "runs/create", json={"experiment_id": experiment_id, "start_time": 1})
        assert reply.status_code == 200, reply.text
        return str(reply.json()["run"]["info"]["run_id"])

    def job(self, owner: str, *, state: str = "running") -> tuple[str, str]:
        """A job with its run; returns its id and its attempt's token."""
        made = self.tracking.create_run("jobs", "a job", owner, {"proteinx.job": "x"})
        token_id, secret, text = tokens.make(JOB_TOKEN)
        with self.app.state.master.db.write() as session:
            owner_id = session.query(User.id).filter(User.name == owner).scalar()
            session.add(_job(made.run_id, owner_id, made.experiment_id, state))
            session.flush()
            session.add(_attempt(made.run_id, "running" if state == "running" else "failed"))
            session.flush()
            member = Member(job_id=made.run_id, attempt=1, rank=0, node_id="f" * 16, state="running")
            member.rung_at, member.token_id, member.token_hash = None, token_id, tokens.hash_secret(secret)
            session.add(member)
        return made.run_id, text


def _job(job_id: str, owner_id: str, experiment_id: str, state: str) -> Job:
    nothing: dict[str, Any] = dict.fromkeys(NULLABLE)
    return Job(
        id=job_id,
        name="j",
        owner_id=owner_id,
        project="p",
        snapshot="d" * 64,
        entry_point="main",
        parameters={},
        overrides=[],
        inputs={},
        resources={},
        experiment="jobs",
        experiment_id=experiment_id,
        tags={},
        notes="",
        max_attempts=1,
        grace=1.0,
        state=state,
        attempt=1,
        run_status="RUNNING",
        created_at=now(),
        not_before=None,
        started_at=None,
        ended_at=None,
        **nothing,
    )


def _attempt(job_id: str, state: str) -> Attempt:
    nothing: dict[str, Any] = dict.fromkeys(("fault", "exit_code", "started_at", "ended_at"))
    return Attempt(job_id=job_id, number=1, state=state, assigned_at=now(), renewed_at=now(), **nothing)


def wait_for(what: str, seconds: float = DEADLINE, *, condition: Any) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen in {seconds} s")
        time.sleep(0.05)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    app = create_app(Settings(home=folder / "home", workdir=folder / "work", scheduler=False, _env_file=None))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_for("the master's start", condition=lambda: server.started or not thread.is_alive())
            wait_for("MLflow's start", condition=lambda: app.state.mlflow.health() == "ok")
            state = folder / "home" / "state"
            yield Served(url, app, folder / "work", state, _people(url, app, state))
        finally:
            server.should_exit = True
            thread.join()


def _people(url: str, app: Any, state: Path) -> dict[str, str]:
    with app.state.master.db.write() as session:
        session.add(
            Snapshot(digest="d" * 64, project_path=".", size=1, file_count=1, entry_points=[], created_at=now())
        )
        node = Node(id="f" * 16, name="n", secret_hash="0" * 64, state="active", boot_id="b", cpus=1)
        node.memory_bytes, node.info, node.joined_at = 1, {}, now()
        session.add(node)
    found = {}
    setup = {"setup_token": (state / "setup-token").read_text(), "name": "ada", "password": PASSWORD}
    with httpx.Client(base_url=url, headers={"Origin": url}, timeout=60) as client:
        client.post("/api/setup", json=setup).raise_for_status()
        for name, role in (("bo", "member"), ("cy", "member"), ("vi", "viewer")):
            client.post("/api/users", json={"name": name, "password": PASSWORD, "role": role}).raise_for_status()
        for name in ("ada", "bo", "cy", "vi"):
            client.post("/api/session", json={"name": name, "password": PASSWORD}).raise_for_status()
            found[name] = client.post("/api/tokens", json={"name": "test"}).json()["token"]
    return found
