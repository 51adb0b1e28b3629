"""The real thing on temporary folders: master, broker and MLflow as they are started for people, and real agents."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import httpx
import psutil
import redis

from proteinx.client import ApiError, Client, MasterUnreachable
from proteinx.client.retry import ONCE
from proteinx.contracts.accounts import Role, Setup, UserCreate
from proteinx.contracts.jobs import GIB, JobCreate, JobDetail, Resources
from proteinx.contracts.nodes import NodeHealth
from proteinx.contracts.snapshot import collect, digest, pack
from proteinx.contracts.states import JOB_ENDS, JobState
from proteinx.contracts.sweeps import SWEEP_ENDS
from proteinx.contracts.system import SystemSettings
from tests.integration.processes import Child, clean_environment, kill_all
from tests.ports import free_port
from tests.waiting import until

PASSWORD = "a-long-test-password"
QUICK = SystemSettings(heartbeat_seconds=0.5, suspect_seconds=10, lease_seconds=20, claim_seconds=20)
"""A machine that stalls for some seconds is not taken for one that is lost."""
HASTY = {"suspect_seconds": 3.0, "lease_seconds": 6.0, "claim_seconds": 6.0}
"""Changes to it for tests where a machine is lost indeed, and that is waited for."""
PROJECTS = Path(__file__).parent


class Master(Child):
    """`uvicorn app.main:app`, with its own home, workdir and port."""

    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__("master", folder / "master.log")
        self.home = folder / "home"
        self.workdir = folder / "workdir"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = environment

    def arguments(self) -> list[str]:
        """For Python."""
        app = ["app.main:app", "--app-dir", "platform"]
        return ["-m", "uvicorn", *app, "--port", str(self.port), "--no-access-log"]

    def start(self, *, mlflow: bool = True) -> None:
        places = {"PROTEINX_HOME": str(self.home), "PROTEINX_WORKDIR": str(self.workdir)}
        places["PROTEINX_COMPOSE_TIMEOUT"] = "120"
        self.spawn(self.arguments(), clean_environment(**places, **self._environment))
        until(lambda: self._is_up(mlflow), 120, "the master is up")

    def _is_up(self, mlflow: bool) -> bool:
        assert self.alive, self.tail()
        try:
            parts = httpx.get(f"{self.url}/api/health", timeout=30).json()["parts"]
        except httpx.TransportError:
            return False
        return parts["mlflow"] == "ok" or not mlflow

    def setup_token(self) -> str:
        return (self.home / "state" / "setup-token").read_text().strip()

    def redis_url(self) -> str:
        """The broker with the master's own account."""
        folder = self.home / "state" / "broker"
        return f"redis://:{(folder / 'secret').read_text()}@127.0.0.1:{(folder / 'port').read_text()}/0"

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url(), decode_responses=True)

    def kill_children(self) -> None:
        for child in psutil.Process(self.pid).children(recursive=True):
            child.kill()


class Agent(Child):
    """`python -m worker.agent`, with its own state folder."""

    def __init__(self, folder: Path, name: str, master_url: str, join_token: str, **environment: str) -> None:
        super().__init__(f"agent {name}", folder / f"{name}.log")
        self.node_name = name
        self.state = folder / name
        self._environment = {
            "MASTER_URL": master_url,
            "PROTEINX_TOKEN": join_token,
            "PROTEINX_WORKER_NAME": name,
            "PROTEINX_WORKER_STATE_DIR": str(self.state),
            "PROTEINX_WORKER_BACKOFF_BASE": "0.2",
            "PROTEINX_WORKER_BACKOFF_CAP": "1",
            "PROTEINX_WORKER_CHECKPOINT_INTERVAL": "0.1",
            "PROTEINX_WORKER_CHECKPOINT_REST": "0",
            "PROTEINX_WORKER_WARM_START": "false",
            **environment,
        }

    def start(self) -> None:
        self.spawn(["-m", "worker.agent"], clean_environment(**self._environment))

    def kill_tree(self) -> None:
        """As when the machine is gone: agent, consumer, supervisors and jobs, all at once."""
        self.kill()
        kill_all(self.state)


class Lab:
    """A running master with an admin and a member, the counter project, and what tests do with them."""

    PATIENT: ClassVar = SystemSettings()
    """The settings that a new master has, for measuring."""

    def __init__(self, folder: Path, settings: SystemSettings = QUICK, **environment: str) -> None:
        self.folder = folder
        self.master = Master(folder, **environment)
        self.agents: list[Agent] = []
        self._settings = settings
        self._numbers = iter(range(1, 1000))

    def start(self) -> None:
        self.master.start()
        with Client(self.master.url, retry=ONCE) as first:
            first.accounts.setup(Setup(setup_token=self.master.setup_token(), name="root", password=PASSWORD))
            self._admin_token = first.accounts.create_token("tests").token
        self.admin = self.client_of(self.master)
        self.admin.accounts.create_user(UserCreate(name="ana", password=PASSWORD, role=Role.MEMBER))
        with Client(self.master.url, retry=ONCE) as second:
            second.accounts.sign_in("ana", PASSWORD)
            self.member_token = second.accounts.create_token("tests").token
        self.member = Client(self.master.url, self.member_token, retry=ONCE)
        self.admin.system.set_settings(self._settings)
        self.send_projects()

    def send_projects(self) -> None:
        self.send_project("counter")

    def stop(self) -> None:
        for agent in self.agents:
            agent.kill_tree()
        if self.master.alive:
            self.master.resume()
            self.master.terminate()
        kill_all(self.folder)

    def send_project(self, name: str) -> None:
        """One of those beside this file."""
        tree = collect(PROJECTS / name)
        with tempfile.TemporaryDirectory() as temporary:
            archive = Path(temporary) / f"{name}.tar.gz"
            pack(tree, archive)
            self.member.projects.add_snapshot(name, archive, digest(tree))

    def client_of(self, master: Master) -> Client:
        """An admin's, at any master of this database."""
        return Client(master.url, self._admin_token, retry=ONCE)

    @contextmanager
    def settings(self, **changes: object) -> Iterator[None]:
        """Other settings of the system for a while."""
        self.admin.system.set_settings(self._settings.model_copy(update=changes))
        try:
            yield
        finally:
            self.admin.system.set_settings(self._settings)

    # --- workers ---

    def agent(self, *, wait: bool = True, **environment: str) -> Agent:
        """A new worker, online."""
        token = self.admin.accounts.create_join_token().token
        agent = Agent(self.folder, f"w{next(self._numbers)}", self.master.url, token, **environment)
        self.agents.append(agent)
        agent.start()
        if wait:
            self.wait_online(agent)
        return agent

    def wait_online(self, agent: Agent) -> None:
        until(lambda: self.node_is(agent, NodeHealth.ONLINE), 60, f"{agent.name} is online\n{agent.tail()}")

    def node_is(self, agent: Agent, health: NodeHealth) -> bool:
        assert agent.alive or health is not NodeHealth.ONLINE, agent.tail()
        return any(n.name == agent.node_name and n.health is health for n in self.admin.nodes.all())

    def remove(self, agent: Agent) -> None:
        """Ends the worker with all it runs, and forgets its node."""
        agent.kill_tree()
        self.admin.nodes.remove(self.admin.nodes.resolve(agent.node_name).id)
        self.agents.remove(agent)

    def listening(self, agent: Agent) -> bool:
        """Whether the agent's consumer waits at the broker."""
        queue = f"proteinx-node.{self.admin.nodes.resolve(agent.node_name).id}"
        try:
            clients = self.master.redis().client_list()
        except redis.ConnectionError:
            return False
        return any(row["name"] == queue and row["cmd"] == "brpop" for row in clients)

    # --- jobs ---

    def submit(self, entry_point: str = "main", /, **request: Any) -> str:
        parameters = {name: str(value) for name, value in request.pop("parameters", {}).items()}
        resources = request.pop("resources", Resources(cpus=0.5, memory=GIB // 8))
        project = request.pop("project", "counter")
        create = JobCreate(
            project=project, entry_point=entry_point, parameters=parameters, resources=resources, **request
        )
        return self.member.jobs.create(create).id

    def gate(self) -> Path:
        """A file that is not there; a job of the counter project waits for it before its step `hold`."""
        return self.folder / f"gate{next(self._numbers)}"

    def clear(self) -> None:
        """Ends all workers, jobs and sweeps that a test left; starts a master that it left dead."""
        if not self.master.alive:
            self.master.start()
        for agent in list(self.agents):
            self.remove(agent)
        for sweep in self.admin.sweeps.page(limit=500).items:
            if sweep.state not in SWEEP_ENDS:
                self.admin.sweeps.stop(sweep.id)
        for state in set(JobState) - JOB_ENDS - {JobState.CANCELLING}:
            for job in self.admin.jobs.page(limit=500, state=state.value).items:
                self.admin.jobs.cancel(job.id)

    def job(self, job_id: str) -> JobDetail:
        return self.member.jobs.get(job_id)

    def wait(self, job_id: str, state: JobState = JobState.SUCCEEDED, seconds: float = 60.0) -> JobDetail:
        """Until the job is in `state`; fails at once if it ends otherwise, with all that is known of it."""

        def reached() -> JobDetail | None:
            job = self.job(job_id)
            if job.state is state:
                return job
            assert job.state not in JOB_ENDS, f"ended {job.state.value}: {job.reason}\n{self.story(job_id)}"
            return None

        try:
            return until(reached, seconds, f"job {job_id} is {state.value}", every=0.1)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.story(job_id)}") from error

    def wait_line(self, job_id: str, text: str, seconds: float = 60.0) -> None:
        def seen() -> bool:
            job = self.job(job_id)
            assert job.state not in JOB_ENDS, f"ended {job.state.value}: {job.reason}\n{self.story(job_id)}"
            return text in self.log(job_id)

        until(seen, seconds, f"{text!r} in the log", every=0.1)

    def log(self, job_id: str, attempt: int | None = None) -> str:
        """All of an attempt's log; of the newest one where none is named, empty while there is none."""
        try:
            return b"".join(self.member.jobs.whole_log(job_id, attempt=attempt)).decode()
        except ApiError as error:
            if error.status == 404:
                return ""
            raise

    def steps(self, job_id: str) -> list[int]:
        """Steps of the points of the metric `count`, as MLflow has them, in the order in which they were logged."""
        reply = httpx.get(
            f"{self.master.url}/mlflow/api/2.0/mlflow/metrics/get-history",
            params={"run_id": job_id, "metric_key": "count", "max_results": 10_000},
            headers={"Authorization": f"Bearer {self.member_token}"},
        )
        reply.raise_for_status()
        return [int(point["step"]) for point in reply.json().get("metrics", [])]

    def run(self, job_id: str) -> dict[str, Any]:
        reply = httpx.get(
            f"{self.master.url}/mlflow/api/2.0/mlflow/runs/get",
            params={"run_id": job_id},
            headers={"Authorization": f"Bearer {self.member_token}"},
        )
        reply.raise_for_status()
        run: dict[str, Any] = reply.json()["run"]
        return run

    def wait_run_status(self, job_id: str, status: str) -> None:
        until(lambda: self.run(job_id)["info"]["status"] == status, 60, f"the run of {job_id} is {status}")

    def wait_checkpoint(self, job_id: str, step: int) -> None:
        def committed() -> bool:
            return any(point.step >= step for point in self.member.jobs.checkpoints(job_id))

        until(committed, 60, f"a checkpoint of step {step} or later\n{self.story(job_id)}", every=0.1)

    def artifact(self, job_id: str, path: str) -> bytes:
        [artifact] = [one for one in self.member.jobs.artifacts(job_id) if one.path == path]
        with tempfile.TemporaryDirectory() as temporary:
            target = Path(temporary) / "file"
            self.member.jobs.download_artifact(job_id, artifact, target)
            return target.read_bytes()

    def result(self, job_id: str, path: str = "result.json") -> Any:
        return json.loads(self.artifact(job_id, path))

    def story(self, job_id: str) -> str:
        """What one wants to read when a test failed."""
        try:
            events = [f"{e.at:%H:%M:%S.%f} {e.actor} {e.kind} {e.to_state} {e.reason}" for e in self.events(job_id)]
        except (ApiError, MasterUnreachable) as error:
            events = [str(error)]
        parts = [*events, self._last_lines(job_id), self.master.tail(), *(agent.tail() for agent in self.agents)]
        return "\n".join(parts)

    def _last_lines(self, job_id: str, lines: int = 60) -> str:
        """The end of each attempt's log: where a job that failed says why."""
        try:
            numbers = [attempt.number for attempt in self.job(job_id).attempts]
            ends = [(number, self.log(job_id, number).splitlines()[-lines:]) for number in numbers]
        except (ApiError, MasterUnreachable) as error:
            return f"the logs of its attempts: {error}"
        return "\n".join(f"--- log of attempt {number}\n" + "\n".join(end) for number, end in ends)

    def events(self, job_id: str) -> Iterator[Any]:
        return iter(self.member.jobs.events(job_id))
