"""A lab in the master's database, and MLflow as far as the scheduler speaks to it."""

import itertools
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.clock import now
from app.errors import NotFound, Unavailable
from app.master import Master
from app.models import Attempt, Gpu, Job, Member, Node
from app.tracking.client import CreatedRun
from proteinx.contracts.jobs import Resources
from proteinx.contracts.states import RUN_STATUS, AttemptState, JobState

GIB = 1024**3


@dataclass
class FakeTracking:
    """MLflow as far as the scheduler speaks to it; `away` makes it unreachable."""

    away: bool = False
    status: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    models: dict[str, list[str]] = field(default_factory=dict)
    has_model: bool = True
    calls: list[str] = field(default_factory=list)

    def _reached(self, call: str) -> None:
        self.calls.append(call)
        if self.away:
            raise Unavailable("mlflow_unavailable", "MLflow does not answer.")

    def set_status(self, run_id: str, status: str) -> None:
        self._reached("set_status")
        self.status[run_id] = status

    def set_tags(self, run_id: str, tags: Mapping[str, str]) -> None:
        self._reached("set_tags")
        self.tags |= tags

    def latest_metrics(self, run_id: str) -> dict[str, float]:
        self._reached("latest_metrics")
        return dict(self.metrics)

    def register_model(self, name: str, run_id: str) -> str:
        self._reached("register_model")
        if not self.has_model:
            raise NotFound("no_model", "The run has logged no model.")
        versions = self.models.setdefault(name, [])
        if run_id not in versions:
            versions.append(run_id)
        return str(versions.index(run_id) + 1)

    def open_runs(self, tag: str, before: datetime) -> list[str]:
        self._reached("open_runs")
        return []

    def create_run(self, experiment: str, name: str, user: str, tags: Mapping[str, str]) -> CreatedRun:
        raise AssertionError("the scheduler makes no runs")


@dataclass
class Lab:
    """Puts nodes and jobs into the master's database, and reads them back."""

    master: Master
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def node(self, name: str | None = None, *, gpus: int = 0, cpus: int = 8, **changes: object) -> str:
        name = name or f"gpu{next(self.names)}"
        node = Node(
            name=name,
            secret_hash="-",
            state="active",
            boot_id="boot",
            cpus=cpus,
            memory_bytes=32 * GIB,
            info={},
            last_heartbeat_at=now(),
            joined_at=now(),
        )
        for key, value in changes.items():
            setattr(node, key, value)
        with self.master.db.write() as session:
            session.add(node)
            session.flush()
            for index in range(gpus):
                session.add(Gpu(uuid=f"{name}-{index}", node_id=node.id, index=index, name="X", memory_bytes=24 * GIB))
            return node.id

    def job(self, state: JobState = JobState.PENDING, **changes: object) -> str:
        job = Job(
            id=secrets.token_hex(16),
            name="job",
            owner_id="u" * 16,
            project="p",
            snapshot="d" * 64,
            entry_point="main",
            parameters={},
            overrides=[],
            inputs={},
            resources=Resources(**changes.pop("resources", {})).model_dump(),  # type: ignore[arg-type]
            experiment="default",
            experiment_id="1",
            tags={},
            notes="",
            max_attempts=5,
            grace=30.0,
            state=state.value,
            run_status=RUN_STATUS[JobState.PENDING],
            created_at=now(),
        )
        for key, value in changes.items():
            setattr(job, key, value)
        with self.master.db.write() as session:
            session.add(job)
        return job.id

    def read(self, job_id: str) -> Job:
        with self.master.db.read() as session:
            return session.get_one(Job, job_id)

    def attempt(self, job_id: str, number: int = 1) -> Attempt:
        with self.master.db.read() as session:
            return session.get_one(Attempt, (job_id, number))

    def member(self, job_id: str, number: int = 1, rank: int = 0) -> Member:
        with self.master.db.read() as session:
            return session.get_one(Member, (job_id, number, rank))

    def change(self, what: Callable[[Session], None]) -> None:
        with self.master.db.write() as session:
            what(session)

    def bring_to(self, job_id: str, state: AttemptState) -> None:
        """Its first attempt and members, as if a worker had reported so."""

        def move(session: Session) -> None:
            session.get_one(Attempt, (job_id, 1)).state = state.value
            session.get_one(Member, (job_id, 1, 0)).state = state.value
            session.get_one(Job, job_id).state = JobState.RUNNING.value

        self.change(move)
