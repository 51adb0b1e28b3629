"""Fills a database with a thousand nodes and ten thousand jobs, as if they had been there for long."""

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app import migrate
from app.accounts import tokens
from app.clock import now
from app.db import Database
from app.models import Allocation, ApiToken, Attempt, Gpu, Job, Member, Node, Snapshot, User
from proteinx.contracts.jobs import GIB, Resources
from proteinx.contracts.nodes import GpuInfo, GpuSample, Heartbeat, MemberStatus, NodeInfo, NodeSample
from proteinx.contracts.protocol import NODE_TOKEN, PROTOCOL, USER_TOKEN
from proteinx.contracts.states import RUN_STATUS, AttemptState, JobState

NODES: Final = 1000
GPUS: Final = 4
JOBS: Final = 10_000
WAITING: Final = 2000
"""Each node runs one job on all its GPUs; so many wait; the rest has ended."""
USERS: Final = 20
BOOT: Final = "boot-of-the-benchmark"


class Crowd(BaseModel):
    tokens: list[str]
    beats: list[str]
    """Each node's heartbeat, as JSON."""
    user_token: str


def populate(url: str, state: Path) -> Crowd:
    state.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(url)
    db = Database(url)
    with db.write() as session:
        user_token = _people(session)
        session.add(
            Snapshot(digest="d" * 64, project_path=".", size=1, file_count=1, entry_points=[], created_at=now())
        )
        session.flush()
        nodes, node_tokens = _nodes(session)
        running = _jobs(session, nodes)
    db.close()
    beats = [_beat(index, job) for index, job in enumerate(running)]
    return Crowd(tokens=node_tokens, beats=beats, user_token=user_token)


def _people(session: Session) -> str:
    token_id, secret, text = tokens.make(USER_TOKEN)
    for index in range(USERS):
        user = User(
            id=f"{index:016x}",
            name=f"user{index}",
            role="admin" if index == 0 else "member",
            password_hash="-",
            created_at=now(),
        )
        session.add(user)
    session.flush()
    session.add(
        ApiToken(
            id=token_id,
            user_id=f"{0:016x}",
            name="bench",
            secret_hash=tokens.hash_secret(secret),
            created_at=now(),
            expires_at=now() + timedelta(days=1),
        )
    )
    return text


def _nodes(session: Session) -> tuple[list[str], list[str]]:
    ids, texts = [], []
    for index in range(NODES):
        token_id, secret, text = tokens.make(NODE_TOKEN)
        gpus = [
            GpuInfo(uuid=f"GPU-{index}-{card}", index=card, name="NVIDIA A100", memory_bytes=80 * GIB)
            for card in range(GPUS)
        ]
        info = NodeInfo(
            hostname=f"n{index}", boot_id=BOOT, agent_version="0.1.0", platform="Linux", python="3.11.7",
            cpus=64, memory_bytes=512 * GIB, gpus=gpus, labels={"rack": str(index // 20)},
        )  # fmt: skip
        session.add(
            Node(
                id=token_id,
                name=f"n{index:04}",
                secret_hash=tokens.hash_secret(secret),
                state="active",
                boot_id=BOOT,
                cpus=64,
                memory_bytes=512 * GIB,
                info=info.model_dump(),
                last_heartbeat_at=now(),
                joined_at=now(),
            )
        )
        ids.append(token_id)
        texts.append(text)
    session.flush()
    for index, node_id in enumerate(ids):
        for card in range(GPUS):
            uuid = f"GPU-{index}-{card}"
            session.add(Gpu(uuid=uuid, node_id=node_id, index=card, name="NVIDIA A100", memory_bytes=80 * GIB))
    session.flush()
    return ids, texts


def _jobs(session: Session, nodes: list[str]) -> list[str]:
    """The ids of those that run, by node."""
    running = []
    for number in range(JOBS):
        state = JobState.RUNNING if number < NODES else JobState.PENDING if number < NODES + WAITING else _ended(number)
        job = _job(number, state)
        session.add(job)
        if state is JobState.RUNNING:
            running.append(job.id)
    session.flush()
    for job_id in running:
        at = now()
        live = AttemptState.RUNNING.value
        session.add(Attempt(job_id=job_id, number=1, state=live, assigned_at=at, started_at=at, renewed_at=at))
    session.flush()
    for job_id, node_id in zip(running, nodes, strict=True):
        session.add(Member(job_id=job_id, attempt=1, rank=0, node_id=node_id, state=AttemptState.RUNNING.value))
    session.flush()
    for index, (job_id, node_id) in enumerate(zip(running, nodes, strict=True)):
        key = {"job_id": job_id, "attempt": 1, "rank": 0, "node_id": node_id}
        session.add(Allocation(**key, cpus=16.0, memory=64 * GIB))
        for card in range(GPUS):
            session.add(Allocation(**key, gpu_uuid=f"GPU-{index}-{card}", gpu_memory=80 * GIB))
    return running


def _ended(number: int) -> JobState:
    return (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)[number % 3]


def _job(number: int, state: JobState) -> Job:
    job_id = secrets.token_hex(16)
    made = now() - timedelta(seconds=60 * (JOBS - number))
    return Job(
        id=job_id,
        name=f"job-{number}",
        owner_id=f"{number % USERS:016x}",
        project="protein",
        snapshot="d" * 64,
        entry_point="main",
        parameters={"epochs": "10"},
        overrides=["model=cnn", f"seed={number}"],
        inputs={"data": "gb1@1"},
        config={"model": {"_target_": "proteinlab.models.CNN", "channels": 64}, "seed": number},
        resources=Resources(gpus=GPUS, cpus=16, memory=64 * GIB).model_dump(),
        experiment="default",
        experiment_id="1",
        tags={},
        notes="",
        max_attempts=5,
        time_limit=86400.0,
        grace=30.0,
        attempt=1 if state is JobState.RUNNING else 0,
        state=state.value,
        run_status=RUN_STATUS[state],
        created_at=made,
        started_at=made if state is JobState.RUNNING else None,
    )


def _beat(index: int, job_id: str) -> str:
    pids = [1000 + index]
    gpus = [
        GpuSample(uuid=f"GPU-{index}-{card}", utilization=93.0, memory_used_bytes=60 * GIB, temperature_c=70, pids=pids)
        for card in range(GPUS)
    ]
    sample = NodeSample(
        cpu_percent=50.0, memory_used_bytes=100 * GIB, disk_free_bytes=500 * GIB, disk_total_bytes=1000 * GIB, gpus=gpus
    )
    member = MemberStatus(job_id=job_id, attempt=1, rank=0, state=AttemptState.RUNNING)
    beat = Heartbeat(protocol=PROTOCOL, boot_id=BOOT, sample=sample, members=[member], sent_at=now())
    return beat.model_dump_json()
