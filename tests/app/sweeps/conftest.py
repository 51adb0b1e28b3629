"""A lab whose sweeps are conducted turn by turn, and whose workers the test plays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.scheduling import closing
from app.sweeps.conducting import Conductor
from tests.app.databases import lab_on_postgres
from tests.app.lab import Agent, Lab, RunningMember
from tests.app.sending import send_project

HYDRA = {
    "MLproject": """name: toy
entry_points:
  main:
    parameters:
      depth: {type: float, default: 2}
      overrides: {type: string, default: ""}
    command: "python train.py model.depth={depth} overrides={overrides}"
""",
    "train.py": """import hydra
@hydra.main(version_base="1.3", config_path="conf", config_name="train")
def main(cfg): ...
""",
    "conf/train.yaml": "defaults:\n  - model: cnn\nlr: 0.1\nseed: 0\n",
    "conf/model/cnn.yaml": "depth: 1\n",
    "conf/model/rnn.yaml": "depth: 1\n",
}


def no_fence(_: Session) -> None:
    """This process leads."""


@dataclass
class Sweeping:
    lab: Lab
    agent: Agent
    running: dict[str, RunningMember] = field(default_factory=dict)
    conductor: Conductor = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """As after the master's end: nothing is remembered but the rows."""
        self.conductor = Conductor(self.lab.master)

    def post(self, who: str = "alice", **request: Any) -> Any:
        job = request.pop("job", {"project": "greet"})
        body = {"job": job, "space": {"epochs": {"values": [1, 2, 3]}}, "metric": "loss", "sampler": "grid", **request}
        return self.lab.as_(who).post("/api/sweeps", json=body)

    def start(self, **request: Any) -> str:
        reply = self.post(**request)
        assert reply.status_code == 201, reply.text
        self.turn()
        return str(reply.json()["id"])

    def turn(self) -> None:
        closing.bring_runs_in_line(self.lab.master, no_fence)
        self.conductor.turn(no_fence)

    def read(self, sweep_id: str) -> dict[str, Any]:
        reply = self.lab.as_("vera").get(f"/api/sweeps/{sweep_id}")
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def live(self, sweep_id: str) -> list[dict[str, Any]]:
        return [one for one in self.read(sweep_id)["trial_list"] if one["state"] == "live"]

    def run(self, job_id: str) -> RunningMember:
        """The job is running from here on."""
        if job_id not in self.running:
            self.lab.schedule()
            self.running[job_id] = self.agent.take(job_id, "running")
        return self.running[job_id]

    def log(self, job_id: str, values: dict[int, float], metric: str = "loss") -> None:
        self.lab.tracking.log(job_id, metric, values)

    def succeed(self, job_id: str, value: float | None = None) -> None:
        member = self.run(job_id)
        if value is not None:
            self.log(job_id, {9: value})
        assert member.succeed().status_code == 204
        self._forget(job_id)

    def fail(self, job_id: str) -> None:
        self.run(job_id).finish("failed", fault="user", exit_code=1, reason="it broke")
        self._forget(job_id)

    def obey(self, job_id: str) -> None:
        """The agent has heard of the cancellation and ends the job."""
        commands = self.agent.beat(*self.running.values())["commands"]
        assert job_id in {one["job_id"] for one in commands if one["kind"] == "cancel"}
        self.running[job_id].finish("cancelled", exit_code=143)
        self._forget(job_id)

    def _forget(self, job_id: str) -> None:
        member = self.running.pop(job_id)
        self.agent.runs.remove(member)


@pytest.fixture
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lab]:
    """On SQLite, unless a test asks for PostgreSQL, which must keep the order of keys too."""
    if getattr(request, "param", "sqlite") == "sqlite":
        made = Lab(tmp_path)
        yield made
        made.close()
    else:
        with lab_on_postgres(request.getfixturevalue("postgres_server"), tmp_path) as made:
            yield made


@pytest.fixture
def sweeping(lab: Lab) -> Sweeping:
    return Sweeping(lab, lab.agent("w1", cpus=64))


@pytest.fixture
def toy(lab: Lab, tmp_path: Path) -> Callable[[], None]:
    """Uploads a project with a Hydra config, under the name `toy`."""

    def send() -> None:
        folder = tmp_path / "toy"
        for name, text in HYDRA.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        reply = send_project(lab.as_("alice"), "toy", folder, tmp_path / "packed")
        assert reply.status_code == 200, reply.text

    return send
