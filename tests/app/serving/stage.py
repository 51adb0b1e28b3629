"""Callers and workers of endpoints at a real broker, through the master's front door, in one process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from sqlalchemy import delete, select

from app.clock import now
from app.jobs.actions import call_off
from app.main import create_app
from app.models import Endpoint, Job
from app.scheduling.broker import Broker
from app.serving.exchange import Exchange
from proteinx.contracts.serving import ServingSettings
from proteinx.contracts.snapshot import collect, digest, pack
from proteinx.contracts.states import JOB_ENDS
from proteinx.contracts.system import SystemSettings
from tests.app.lab import Agent, Lab, RunningMember

PROJECT = """\
name: oracle
entry_points:
  main:
    command: "python train.py"
  serve:
    parameters:
      model: path
    command: "python serve.py {model}"
"""
SEQUENCES = {"sequences": [{"id": "甲", "sequence": "MKV"}, {"id": "b", "sequence": "MK"}]}


class Worker:
    """A serving process, as the master sees it. `at`: the master that it speaks to."""

    def __init__(self, at: httpx.AsyncClient, member: RunningMember) -> None:
        self._at, self.member = at, member
        self._headers = {"Authorization": f"Bearer {member.spec['token']}"}

    async def poll(self, wait: float = 10.0) -> dict[str, Any]:
        reply = await self._at.get(f"{self.member.path}/requests", params={"wait": wait}, headers=self._headers)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def next(self) -> dict[str, Any]:
        told = await self.poll()
        assert told["request"] is not None, told
        return dict(told["request"])

    async def reply(self, **body: Any) -> int:
        return (await self._at.post(f"{self.member.path}/replies", json=body, headers=self._headers)).status_code

    async def answer(self, asked: dict[str, Any], value: float | None = 1.0) -> int:
        names = [one["id"] for one in asked["sequences"]]
        return await self.reply(id=asked["id"], columns={"id": names, "prediction": [value] * len(names)})


class Stage:
    def __init__(self, lab: Lab, broker: Broker) -> None:
        self.lab, self.broker = lab, broker
        self.node: Agent
        self._send_project()

    def _send_project(self) -> None:
        folder = self.lab.workdir.parent / "oracle"
        folder.mkdir()
        (folder / "MLproject").write_text(PROJECT)
        (folder / "train.py").write_text("")
        (folder / "serve.py").write_text("")
        tree = collect(folder)
        pack(tree, folder / "archive.tar.gz")
        upload = self.lab.upload((folder / "archive.tar.gz").read_bytes())
        body = {"upload_id": upload, "digest": digest(tree)}
        assert self.lab.as_("alice").post("/api/projects/oracle/snapshots", json=body).status_code < 300

    def model(self, name: str, project: str = "oracle") -> None:
        """One version of it, made by a job of the project."""
        job_id = self.lab.submit(project=project)["id"]
        self.lab.as_("alice").post(f"/api/jobs/{job_id}/cancel")
        self.lab.tracking.model_owners[name] = "alice"
        self.lab.tracking.model_versions[name] = [job_id]
        files = self.lab.workdir / self.lab.tracking.model_files_prefix(name, "1")
        files.mkdir(parents=True)
        (files / "scale.json").write_text("1")

    def limits(self, **changes: Any) -> None:
        settings = SystemSettings(serving=ServingSettings(**changes))
        assert self.lab.as_("admin").put("/api/settings", json=settings.model_dump()).status_code == 200

    @asynccontextmanager
    async def open(self) -> AsyncIterator[httpx.AsyncClient]:
        """The master, from within one event loop."""
        async with self._master(self.lab.app) as client:
            yield client

    @asynccontextmanager
    async def second(self) -> AsyncIterator[httpx.AsyncClient]:
        """Another process's master on the same database and broker, as far as one process can be two."""
        app = create_app(self.lab.settings)
        twin = Lab(self.lab.workdir.parent / "twin", self.lab.settings.database)
        twin.workdir, twin.tracking = self.lab.workdir, self.lab.tracking
        twin.master.tracking = self.lab.tracking
        app.state.master = twin.master
        async with self._master(app) as client:
            yield client
        twin.close()

    @asynccontextmanager
    async def _master(self, app: Any) -> AsyncIterator[httpx.AsyncClient]:
        exchange = app.state.master.exchange = Exchange(lambda: self.broker.url)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver", timeout=60) as client:
            yield client
        await exchange.close()

    async def call(
        self, at: httpx.AsyncClient, model: str = "gb1", who: str = "alice", wait: float = 10.0, body: Any = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.lab.tokens[who]}"}
        path = f"/api/models/{model}/predict"
        return await at.post(path, params={"wait": wait}, json=body or SEQUENCES, headers=headers)

    async def placed(self, at: httpx.AsyncClient, model: str = "gb1") -> Worker:
        """The serving process of the model's endpoint, as soon as somebody's call has made its job."""
        while (job_id := self.job_of(model)) is None or self.lab.row(job_id).state != "pending":
            await asyncio.sleep(0.02)
        await asyncio.to_thread(self.lab.schedule)
        member = await asyncio.to_thread(self.node.take, job_id, "preparing", "running")
        return Worker(at, member)

    def clear(self) -> None:
        """Ends every endpoint, as its agent would, and takes back what a test had changed."""
        self.limits()
        self.lab.master.ready_at = now()
        with self.lab.db.write() as session:
            session.execute(delete(Endpoint))
            for job in session.scalars(select(Job).where(Job.state.not_in([state.value for state in JOB_ENDS]))):
                call_off(session, self.lab.master, job, actor="test", reason="over")
        for member in self.node.runs:
            member.finish("cancelled")
        self.node.runs.clear()

    def job_of(self, model: str) -> str | None:
        with self.lab.db.read() as session:
            return session.scalars(select(Endpoint.job_id).where(Endpoint.model == model)).one_or_none()

    def age(self, model: str, **values: Any) -> None:
        with self.lab.db.write() as session:
            row = session.get_one(Endpoint, (model, "1"))
            for name, value in values.items():
                setattr(row, name, value)
