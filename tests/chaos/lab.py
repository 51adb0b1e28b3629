"""A lab whose workers reach the master through links that can be cut, each with a small disk and a clock of its own."""

import sqlite3
import tempfile
from contextlib import closing, suppress
from itertools import product
from pathlib import Path
from typing import Final

import httpx
import psutil

from app.scheduling.dispatch import Doorbells
from proteinx.client import Client
from proteinx.client.retry import Retry
from proteinx.contracts.queues import Doorbell
from proteinx.contracts.snapshot import collect, digest, pack
from proteinx.contracts.system import SystemSettings
from tests.chaos.clock import Clock, build
from tests.chaos.disk import Disk
from tests.chaos.link import Link
from tests.chaos.namespace import NamespaceLink
from tests.integration.harness import Agent, Lab, Master
from tests.waiting import until
from worker.layout import AttemptDir, StateDir, read_json

SETTINGS = SystemSettings(
    heartbeat_seconds=0.5,
    suspect_seconds=3,
    lease_seconds=6,
    claim_seconds=6,
    quarantine_failures=0,  # machines fail all the time here; that they are shut for it has its own tests
)
HASTY: Final = SETTINGS.model_copy(
    update={"heartbeat_seconds": 0.3, "suspect_seconds": 1.5, "lease_seconds": 2.5, "claim_seconds": 5}
)
"""For the short form."""
PROGRAM: Final = Path(__file__).parent / "program"
_BELLS: Final = 20


class MortalMaster(Master):
    """Dies at the n-th statement of its scheduler once `die-at` says n; its clock can be stepped."""

    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__(folder, **environment)
        self._order = folder / "die-at"

    def arguments(self) -> list[str]:
        return ["-m", "tests.chaos.mortal_master", str(self.port), str(self._order)]

    def die_at(self, statement: int) -> None:
        """Returns once it is dead."""
        self._order.write_text(str(statement))
        until(lambda: not self.alive, 60, "the scheduler came to its last statement")

    def child_pid(self, name: str) -> int | None:
        """Of the broker or the MLflow server."""
        record = read_json(self.home / "state" / "run" / f"{name}.json")
        return int(record["child"].split(":")[0]) if record else None


def _own_network(port: int) -> Link:
    """Where there can be one."""
    try:
        return NamespaceLink(port)
    except OSError:
        return Link(port)


class Worker:
    """An agent with its link, disk and clock."""

    def __init__(
        self, folder: Path, number: int, master: Master, join_token: str, library: Path | None, *, apart: bool
    ) -> None:
        name = f"w{number}"
        self.name = name
        self.link = _own_network(master.port) if apart else Link(master.port)
        self.clock = Clock(folder / f"{name}.clock", library)
        self.disk = Disk(folder / f"{name}-disk")
        temporary = folder / "tmp" / name
        temporary.mkdir(parents=True)
        self.agent = Agent(
            self.disk.folder,
            name,
            self.link.url,
            join_token,
            TMPDIR=str(temporary),
            PROTEINX_WORKER_MIN_FREE_BYTES="1",
            NO_PROXY="*",
            PROTEINX_WORKER_WARM_START="false" if number == 1 else "true",  # both ways to start a job
            PROTEINX_WORKER_WARM_MODULES='["json"]',  # these jobs need no more
            PROTEINX_WORKER_CONSUMER="false" if self.link.real else "true",  # the broker is on loopback
            **self.clock.environment,
        )
        self.agent.within = self.link.within
        self.agent.log = folder / f"{name}.log"  # not on the disk that is filled
        self.temporary = temporary

    @property
    def state(self) -> StateDir:
        return StateDir(self.agent.state)

    def launchers(self) -> list[int]:
        """Its processes that fork supervisors; the agent's own children, which the supervisors are not."""
        found = []
        for child in psutil.Process(self.agent.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie counts as such too
                if " ".join(child.cmdline()).startswith("proteinx-launcher"):
                    found.append(child.pid)
        return found

    def attempts(self) -> list[AttemptDir]:
        return self.state.known() if self.state.attempts.is_dir() else []


class ChaosLab(Lab):
    def __init__(self, folder: Path, workers: int, settings: SystemSettings = SETTINGS) -> None:
        self.stamps = folder / "stamps"
        for path in (self.stamps, folder / "tmp" / "master"):
            path.mkdir(parents=True)
        self._library = build(folder)
        self.master_clock = Clock(folder / "master.clock", self._library)
        self._wanted = workers
        super().__init__(folder, settings)
        self.master: MortalMaster = MortalMaster(
            folder, TMPDIR=str(folder / "tmp" / "master"), **self.master_clock.environment
        )
        self.workers: list[Worker] = []

    def start(self) -> None:
        super().start()
        self.people = Client(self.master.url, self.member_token, retry=Retry(attempts=None, base=0.1, cap=1.0))
        self.overseer = Client(self.master.url, self._admin_token, retry=Retry(attempts=None, base=0.1, cap=1.0))
        token = self.admin.accounts.create_join_token(uses=self._wanted).token
        for number in range(1, self._wanted + 1):
            worker = Worker(self.folder, number, self.master, token, self._library, apart=number > 2)
            self.workers.append(worker)
            self.agents.append(worker.agent)
            worker.agent.start()
        for agent in self.agents:
            self.wait_online(agent)
        self.cpus = self.admin.nodes.all()[0].info.cpus
        """Of each worker. A job takes half of them, so that there is work for all workers."""

    def send_projects(self) -> None:
        tree = collect(PROGRAM)
        with tempfile.TemporaryDirectory() as temporary:
            archive = Path(temporary) / "steps.tar.gz"
            pack(tree, archive)
            self.member.projects.add_snapshot("steps", archive, digest(tree))

    def restart_master(self) -> None:
        self.master.start(mlflow=False)

    def database(self) -> sqlite3.Connection:
        """The master's, to look at."""
        return sqlite3.connect(f"file:{self.master.home / 'state' / 'proteinx.db'}?mode=ro", uri=True, timeout=30)

    def ring_all_again(self) -> int:
        """The newest bells of all, at the right node and at every other one. How many there were."""
        with closing(self.database()) as database:
            rows = database.execute(
                "SELECT job_id, attempt, rank, dispatch_id FROM members ORDER BY rowid DESC LIMIT ?", [_BELLS]
            ).fetchall()
            nodes = [row[0] for row in database.execute("SELECT id FROM nodes")]
        doorbells = Doorbells(self.master.redis_url())
        for (job_id, attempt, rank, dispatch_id), node in product(rows, nodes):
            bell = Doorbell(kind="start", job_id=job_id, attempt=attempt, rank=rank, dispatch_id=dispatch_id)
            doorbells.ring(node, bell)
            doorbells.ring(node, bell.model_copy(update={"attempt": attempt + 1}))
        doorbells.close()
        return len(rows)

    def runs_beside(self, job_id: str) -> dict[str, int]:
        """Ids of all runs in the experiment of a job, and how many metrics each has."""
        reply = httpx.post(
            f"{self.master.url}/mlflow/api/2.0/mlflow/runs/search",
            json={"experiment_ids": [self.job(job_id).experiment_id], "max_results": 1000},
            headers={"Authorization": f"Bearer {self.member_token}"},
        )
        reply.raise_for_status()
        runs = reply.json().get("runs", [])
        return {run["info"]["run_id"]: len(run["data"].get("metrics", [])) for run in runs}

    def stop(self) -> None:
        super().stop()
        for worker in self.workers:
            worker.link.close()
            worker.disk.close()
