"""A master on temporary folders, its people, and agents that speak HTTP to it: what the tests of jobs and nodes use.

The application, gate, database and storage are the real ones; only MLflow is replaced, at its Protocol.
"""

import atexit
import hashlib
import shutil
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.accounts import tokens
from app.clock import now
from app.db import Database
from app.errors import NotFound, Unavailable
from app.jobs import attempts
from app.live.hub import Hub
from app.main import create_app
from app.master import Master
from app.models import ApiToken, Attempt, Base, Job, JoinToken, Member, Node, User
from app.scheduling import state
from app.scheduling.placement import place
from app.settings import Settings
from app.storage.local import LocalStorage
from app.tracking.client import CreatedRun
from proteinx.contracts.accounts import Role
from proteinx.contracts.metrics import Curve, MetricView
from proteinx.contracts.models import ModelVersionView, ModelView
from proteinx.contracts.nodes import GpuInfo
from proteinx.contracts.protocol import HEADER_SHA256, JOIN_TOKEN, PROTOCOL, USER_TOKEN
from proteinx.contracts.snapshot import collect, digest, pack

GIB = 1024**3
MLPROJECT = """\
name: hello
entry_points:
  main:
    parameters:
      epochs: {type: float, default: 1}
      overrides: {type: string, default: ""}
    command: "python train.py {epochs} {overrides}"
  fit:
    parameters:
      data: path
    command: "python train.py {data}"
"""


@dataclass
class Run:
    experiment: str
    name: str
    user: str
    tags: dict[str, str]
    params: dict[str, str] = field(default_factory=dict)
    status: str = "SCHEDULED"
    deleted: bool = False
    began: datetime = field(default_factory=now)


class MemoryTracking:
    """MLflow as far as jobs need it; `away` makes every call fail as a dead server does."""

    def __init__(self) -> None:
        self.runs: dict[str, Run] = {}
        self.metrics: dict[str, dict[str, float]] = {}
        """Last values by run."""
        self.model_owners: dict[str, str] = {}
        self.model_versions: dict[str, list[str]] = {}
        """Model -> the job of each version, from 1."""
        self.aliases: dict[tuple[str, str], str] = {}
        self.away = False
        self.logged: dict[str, dict[str, dict[int, float]]] = {}
        """Run -> metric -> step -> value."""

    def _reach(self) -> None:
        if self.away:
            raise Unavailable("mlflow_unavailable", "MLflow does not answer; try again in a moment.")

    def create_run(self, experiment: str, name: str, user: str, tags: Mapping[str, str]) -> CreatedRun:
        self._reach()
        run_id = uuid.uuid4().hex
        self.runs[run_id] = Run(experiment, name, user, dict(tags))
        return CreatedRun(run_id, "1")

    def describe(self, run_id: str, tags: Mapping[str, str], params: Mapping[str, str]) -> None:
        self.set_tags(run_id, tags)
        self.log_params(run_id, params)

    def log_params(self, run_id: str, params: Mapping[str, str]) -> None:
        self._reach()
        self.runs[run_id].params.update(params)

    def set_tags(self, run_id: str, tags: Mapping[str, str]) -> None:
        self._reach()
        self.runs[run_id].tags.update(tags)

    def set_status(self, run_id: str, status: str) -> None:
        self._reach()
        self.runs[run_id].status = status

    def open_runs(self, tag: str, before: datetime) -> list[str]:
        self._reach()
        ended = ("FINISHED", "FAILED", "KILLED")
        return [
            run_id
            for run_id, run in self.runs.items()
            if tag in run.tags and run.began < before and run.status not in ended and not run.deleted
        ]

    def log(self, run_id: str, key: str, values: Mapping[int, float]) -> None:
        self.logged.setdefault(run_id, {}).setdefault(key, {}).update(values)

    def latest_metrics(self, run_id: str) -> dict[str, float]:
        self._reach()
        return {key: points[max(points)] for key, points in self.logged.get(run_id, {}).items()}

    def metrics_of(self, runs: Mapping[str, str]) -> dict[str, dict[str, float]]:
        self._reach()
        return {run_id: dict(self.metrics.get(run_id, {})) for run_id in runs}

    def last_values(self, run_id: str) -> list[MetricView]:
        self._reach()
        return []

    def curve(self, run_id: str, key: str, *, points: int, after: int | None) -> Curve:
        self._reach()
        logged = self.logged.get(run_id, {}).get(key, {})
        steps = sorted(step for step in logged if after is None or step > after)[:points]
        return Curve(key=key, steps=steps, values=[logged[step] for step in steps], times=[0.0] * len(steps))

    def delete_run(self, run_id: str) -> None:
        self._reach()
        self.runs[run_id].deleted = True

    def restore_run(self, run_id: str) -> None:
        self._reach()
        self.runs[run_id].deleted = False

    def versions_of_run(self, run_id: str) -> list[str]:
        self._reach()
        made = ((name, jobs.index(run_id) + 1) for name, jobs in self.model_versions.items() if run_id in jobs)
        return [f"{name}@{number}" for name, number in made]

    def model_prefixes_of_run(self, run_id: str) -> list[str]:
        self._reach()
        return [f"artifacts/models/m-{run_id}"]

    def register_model(self, name: str, run_id: str) -> str:
        self._reach()
        versions = self.model_versions.setdefault(name, [])
        if run_id not in versions:
            versions.append(run_id)
        return str(versions.index(run_id) + 1)

    def model(self, name: str) -> ModelView:
        if name not in self.model_owners:
            raise NotFound("unknown_model", f"There is no registered model {name}.")
        held = {alias: version for (model, alias), version in self.aliases.items() if model == name}
        return ModelView(name=name, owner=self.model_owners[name], aliases=held, latest=None)

    def set_alias(self, name: str, alias: str, version: str) -> None:
        self._reach()
        self.aliases[name, alias] = version

    def logged_model_prefix(self, run_id: str) -> str:
        self._reach()
        raise NotFound("no_model", "No run of these tests logs a model.")

    def models(self) -> list[ModelView]:
        self._reach()
        return [self.model(name) for name in self.model_owners]

    def versions(self, name: str) -> list[ModelVersionView]:
        return [
            ModelVersionView(
                name=name,
                version=str(number),
                job_id=job_id,
                aliases=[
                    alias for (model, alias), held in self.aliases.items() if (model, held) == (name, str(number))
                ],
                uri=f"models:/{name}/{number}",
                created_at=now(),
            )
            for number, job_id in enumerate(self.model_versions.get(name, []), start=1)
        ]

    def version(self, name: str, wanted: str | None) -> ModelVersionView | None:
        self._reach()
        newest_first = sorted(self.versions(name), key=lambda one: int(one.version), reverse=True)
        found = (one for one in newest_first if wanted in (None, one.version, *one.aliases))
        return next(found, None)

    def model_files_prefix(self, name: str, version: str) -> str:
        return f"artifacts/models/{name}-{version}/artifacts"

    @property
    def kept(self) -> dict[str, Run]:
        return {run_id: run for run_id, run in self.runs.items() if not run.deleted}


@dataclass(frozen=True)
class Template:
    """A lab as it is before the first test: made once, copied for each."""

    folder: Path
    tokens: dict[str, str]
    snapshot: str


def make_template(url: str | None = None) -> Template:
    """`url` of an empty database that is not SQLite; it is closed again, to be copied by its server."""
    folder = Path(tempfile.mkdtemp(prefix="proteinx-lab-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    lab = Lab(folder, url, fresh=True)
    lab.db.close()
    return Template(folder, lab.tokens, lab.snapshot)


sqlite_template = lru_cache(make_template)


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'proteinx.db'}"


class Lab:
    """`fresh` makes everything anew in `folder` and the empty database at `url`; else it is a copy of the template."""

    def __init__(
        self, folder: Path, url: str | None = None, *, template: Template | None = None, fresh: bool = False
    ) -> None:
        if not fresh:
            template = template or sqlite_template()
            shutil.copytree(template.folder, folder, dirs_exist_ok=True)
        self.workdir = folder / "workdir"
        self.workdir.mkdir(exist_ok=True)
        database = url or sqlite(folder)
        self.settings = Settings(home=folder / "home", database_url=database, compose_timeout=120, _env_file=None)
        self.db = Database(self.settings.database)
        self.tracking = MemoryTracking()
        self.wakes = 0
        self.master = Master(
            settings=self.settings,
            db=self.db,
            storage=LocalStorage(lambda: self.workdir),
            tracking=self.tracking,
            hub=Hub(),
            wake=self._wake,
            redis_for_node=lambda node_id: f"redis://node-{node_id}@broker/0",
        )
        self.app = create_app(self.settings)
        self.app.state.master = self.master
        if template is None:
            Base.metadata.create_all(self.db.engine)
            self.tokens = {name: self._person(name, role) for name, role in PEOPLE.items()}
            self.snapshot = self._project(folder / "greet")
        else:
            self.tokens, self.snapshot = template.tokens, template.snapshot

    def _wake(self) -> None:
        self.wakes += 1

    def close(self) -> None:
        self.db.close()

    def _person(self, name: str, role: Role) -> str:
        token_id, secret, text = tokens.make(USER_TOKEN)
        with self.db.write() as session:
            user = User(name=name, role=role.value, password_hash="-", created_at=now())
            session.add(user)
            session.flush()
            session.add(
                ApiToken(
                    id=token_id,
                    user_id=user.id,
                    name="test",
                    secret_hash=tokens.hash_secret(secret),
                    created_at=now(),
                    expires_at=now() + timedelta(days=1),
                    last_used_at=now(),
                )
            )
        return text

    def _project(self, folder: Path) -> str:
        """A project without Hydra, uploaded as a person would; the digest of its snapshot."""
        folder.mkdir()
        (folder / "MLproject").write_text(MLPROJECT)
        (folder / "train.py").write_text("print('hello')\n")
        tree = collect(folder)
        pack(tree, folder / "archive.tar.gz")
        upload = self.upload((folder / "archive.tar.gz").read_bytes())
        body = {"upload_id": upload, "digest": digest(tree)}
        reply = self.as_("alice").post("/api/projects/greet/snapshots", json=body)
        assert reply.status_code < 300, reply.text
        return str(reply.json()["digest"])

    def upload(self, data: bytes, who: str = "alice") -> str:
        """A finished upload's id."""
        client, sha256 = self.as_(who), hashlib.sha256(data).hexdigest()
        upload = client.post("/api/uploads", json={"sha256": sha256, "size": len(data)}).json()
        part = client.put(f"/api/uploads/{upload['id']}/parts/0", content=data, headers={HEADER_SHA256: sha256})
        assert part.status_code == 204, part.text
        assert client.post(f"/api/uploads/{upload['id']}/complete").json()["complete"]
        return str(upload["id"])

    def client(self, token: str) -> TestClient:
        return TestClient(self.app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)

    def as_(self, name: str) -> TestClient:
        return self.client(self.tokens[name])

    def join_token(self, uses: int = 1, hours: float = 1.0) -> str:
        token_id, secret, text = tokens.make(JOIN_TOKEN)
        with self.db.write() as session:
            session.add(
                JoinToken(
                    id=token_id,
                    secret_hash=tokens.hash_secret(secret),
                    uses_left=uses,
                    created_by="admin",
                    created_at=now(),
                    expires_at=now() + timedelta(hours=hours),
                )
            )
        return text

    def agent(self, name: str, *, gpus: int = 0, beat: bool = True, **info: Any) -> "Agent":
        agent = Agent(self, name, gpus, info)
        agent.join(self.join_token())
        if beat:
            agent.beat()
        return agent

    def submit(self, who: str = "alice", **request: Any) -> dict[str, Any]:
        reply = self.as_(who).post("/api/jobs", json={"project": "greet", **request})
        assert reply.status_code == 201, reply.text
        return dict(reply.json())

    def schedule(self) -> list[str]:
        """One pass of placement, as the scheduler does it; the ids of the jobs that got a place."""
        with self.db.write() as session:
            seen = state.read(session, self.master.memory, now())
            placements = place(
                seen.pending, seen.nodes, now(), seen.policy, running=seen.running, users=seen.users
            ).placements
            for placement in placements:
                attempts.open_attempt(session, session.get_one(Job, placement.job_id), placement)
            return [placement.job_id for placement in placements]

    def job(self, job_id: str) -> dict[str, Any]:
        reply = self.as_("admin").get(f"/api/jobs/{job_id}")
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def row(self, job_id: str) -> Job:
        with self.db.read() as session:
            return session.get_one(Job, job_id)

    def set_job(self, job_id: str, **values: Any) -> None:
        with self.db.write() as session:
            job = session.get_one(Job, job_id)
            for name, value in values.items():
                setattr(job, name, value)

    def attempt(self, job_id: str, number: int) -> Attempt:
        with self.db.read() as session:
            return session.get_one(Attempt, (job_id, number))

    def members(self, job_id: str, number: int) -> list[Member]:
        with self.db.read() as session:
            rows = select(Member).where(Member.job_id == job_id, Member.attempt == number).order_by(Member.rank)
            return list(session.scalars(rows))

    def node(self, node_id: str) -> Node:
        with self.db.read() as session:
            return session.get_one(Node, node_id)

    def age_node(self, node_id: str, seconds: float) -> None:
        """Makes the node's last heartbeat, and the master's start, older."""
        with self.db.write() as session:
            session.get_one(Node, node_id).last_heartbeat_at = now() - timedelta(seconds=seconds)
        self.master.ready_at = now() - timedelta(days=1)


PEOPLE = {"admin": Role.ADMIN, "alice": Role.MEMBER, "bob": Role.MEMBER, "vera": Role.VIEWER}


class Agent:
    """A worker's agent as the master sees it."""

    def __init__(self, lab: Lab, name: str, gpus: int, info: dict[str, Any]) -> None:
        self.lab, self.name = lab, name
        self.gpus = [
            GpuInfo(uuid=f"GPU-{name}-{i}", index=i, name="Fake 24", memory_bytes=24 * GIB) for i in range(gpus)
        ]
        self.boot_id = uuid.uuid4().hex
        self.info = {
            "hostname": name,
            "agent_version": "0.1.0",
            "platform": "linux",
            "python": "3.11.7",
            "cpus": 8,
            "memory_bytes": 32 * GIB,
            **info,
        }
        self.id, self.token, self.redis_url = "", "", ""
        self.runs: list[RunningMember] = []

    def register(self, token: str, **changes: Any) -> httpx.Response:
        info = {**self.info, "boot_id": self.boot_id, "gpus": [gpu.model_dump() for gpu in self.gpus]}
        body = {"protocol": PROTOCOL, "name": self.name, "info": info, **changes}
        return self.lab.client(token).post("/api/nodes/register", json=body)

    def join(self, token: str) -> None:
        reply = self.register(token)
        assert reply.status_code == 200, reply.text
        self.id, self.token, self.redis_url = (reply.json()[key] for key in ("node_id", "token", "redis_url"))

    def heartbeat(
        self,
        members: Sequence["RunningMember"] = (),
        *,
        pids: Mapping[str, list[int]] | None = None,
        foreign: Mapping[str, list[int]] | None = None,
        **changes: Any,
    ) -> httpx.Response:
        body = self.heartbeat_body(members, pids=pids or {}, foreign=foreign or {}, **changes)
        return self.lab.client(self.token).post("/api/nodes/heartbeat", json=body)

    def heartbeat_body(
        self,
        members: Sequence["RunningMember"],
        *,
        pids: Mapping[str, list[int]],
        foreign: Mapping[str, list[int]],
        **changes: Any,
    ) -> dict[str, Any]:
        samples = [
            {"uuid": gpu.uuid, "pids": pids.get(gpu.uuid, []), "foreign_pids": foreign.get(gpu.uuid, [])}
            for gpu in self.gpus
        ]
        return {
            "protocol": PROTOCOL,
            "boot_id": self.boot_id,
            "sample": {
                "cpu_percent": 3.0,
                "memory_used_bytes": GIB,
                "disk_free_bytes": GIB,
                "disk_total_bytes": 2 * GIB,
                "gpus": samples,
            },
            "members": [member.status() for member in members],
            "sent_at": now().isoformat(),
            **changes,
        }

    def beat(self, *members: "RunningMember", **changes: Any) -> dict[str, Any]:
        reply = self.heartbeat(members, **changes)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def claim_reply(self, job_id: str, number: int, **claim: Any) -> httpx.Response:
        body = {"protocol": PROTOCOL, "rank": 0, **claim}
        return self.lab.client(self.token).post(f"/api/jobs/{job_id}/attempts/{number}/claim", json=body)

    def claim(self, assignment: dict[str, Any]) -> "RunningMember":
        reply = self.claim_reply(
            assignment["job_id"],
            assignment["attempt"],
            dispatch_id=assignment["dispatch_id"],
            rank=assignment["rank"],
        )
        assert reply.status_code == 200, reply.text
        return RunningMember(self.lab, reply.json())

    def take(self, job_id: str, *states: str) -> "RunningMember":
        """Claims the job's assignment on this node and reports `states`."""
        assignment = next(one for one in self.beat(*self.runs)["assignments"] if one["job_id"] == job_id)
        member = self.claim(assignment)
        self.runs.append(member)
        for reached in states:
            member.report(reached)
        return member


class RunningMember:
    """One member of one attempt, with its token."""

    def __init__(self, lab: Lab, spec: dict[str, Any]) -> None:
        self.lab, self.spec, self.state = lab, spec, "claimed"
        self.client = lab.client(spec["token"])
        self.path = f"/api/jobs/{spec['job_id']}/attempts/{spec['attempt']}"

    def status(self) -> dict[str, Any]:
        return {key: self.spec[key] for key in ("job_id", "attempt", "rank")} | {"state": self.state}

    def report(self, state: str, **more: Any) -> httpx.Response:
        reply = self.client.post(f"{self.path}/state", json={"rank": self.spec["rank"], "state": state, **more})
        if reply.status_code == 204:
            self.state = state
        return reply

    def finish(self, outcome: str, **more: Any) -> httpx.Response:
        return self.client.post(f"{self.path}/finish", json={"rank": self.spec["rank"], "outcome": outcome, **more})

    def succeed(self) -> httpx.Response:
        self.report("finalizing")
        return self.finish("succeeded", exit_code=0)

    def log(self, offset: int, data: bytes, **query: Any) -> httpx.Response:
        params = {"attempt": self.spec["attempt"], "rank": self.spec["rank"], "offset": offset, **query}
        return self.client.post(f"/api/jobs/{self.spec['job_id']}/logs", params=params, content=data)
