"""Making jobs: idempotency, what is refused at once, and that nothing is left behind where it fails."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.clock import now
from app.jobs import upkeep
from proteinx.contracts.snapshot import collect, digest, pack
from tests.app.lab import Lab


def test_the_job_is_its_mlflow_run(lab: Lab) -> None:
    job = lab.submit(tags={"team": "enzymes"}, notes="a try", experiment="gb1")
    run = lab.tracking.runs[job["id"]]
    assert (run.experiment, run.user) == ("gb1", "alice")
    assert run.tags["proteinx.job"] == job["id"]
    assert run.tags["proteinx.snapshot"] == lab.snapshot
    assert run.tags["mlflow.source.name"] == "greet"
    assert run.tags["mlflow.note.content"] == "a try"
    assert run.tags["team"] == "enzymes"
    assert run.tags["mlflow.runName"] == job["name"] == f"greet-main-{job['id'][:6]}"


def test_the_same_key_makes_one_job(lab: Lab) -> None:
    first = lab.submit(idempotency_key="k1", name="a")
    assert lab.submit(idempotency_key="k1", name="a")["id"] == first["id"]
    assert lab.submit("bob", idempotency_key="k1", name="a")["id"] != first["id"]
    request = {"project": "greet", "name": "b", "idempotency_key": "k1"}
    reply = lab.as_("alice").post("/api/jobs", json=request)
    assert (reply.status_code, reply.json()["error"]) == (409, "idempotency_mismatch")
    assert first["id"] in reply.json()["detail"]
    assert len(lab.tracking.kept) == 2


def test_the_key_may_come_as_a_header(lab: Lab) -> None:
    request = {"project": "greet"}
    replies = [
        lab.as_("alice").post("/api/jobs", json=request, headers={"Idempotency-Key": "h"}).json() for _ in range(2)
    ]
    assert replies[0]["id"] == replies[1]["id"]


def test_the_same_key_at_once_makes_one_job_and_one_run(lab: Lab) -> None:
    with ThreadPoolExecutor(8) as pool:
        jobs = list(pool.map(lambda _: lab.submit(idempotency_key="race")["id"], range(8)))
    assert len(set(jobs)) == 1
    assert list(lab.tracking.kept) == [jobs[0]]


def test_no_row_no_run(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the disk of the database is full")

    monkeypatch.setattr("app.jobs.service.record", broken)
    reply = lab.as_("alice").post("/api/jobs", json={"project": "greet"})
    assert reply.status_code == 500
    assert lab.tracking.kept == {}
    assert lab.as_("alice").get("/api/jobs").json()["total"] == 0


def test_while_mlflow_is_away_nothing_is_made(lab: Lab) -> None:
    lab.tracking.away = True
    reply = lab.as_("alice").post("/api/jobs", json={"project": "greet"})
    assert (reply.status_code, reply.json()["error"]) == (503, "mlflow_unavailable")
    assert "Retry-After" in reply.headers


def test_runs_that_lost_their_job_are_ended(lab: Lab) -> None:
    job = lab.submit()
    orphan = lab.tracking.create_run("default", "x", "alice", {"proteinx.job": "new"}).run_id
    foreign = lab.tracking.create_run("default", "x", "alice", {}).run_id
    assert upkeep.close_orphan_runs(lab.master) == []
    for run in lab.tracking.runs.values():
        run.began -= timedelta(hours=1)
    assert upkeep.close_orphan_runs(lab.master) == [orphan]
    assert lab.tracking.runs[orphan].status == "FAILED"
    assert {lab.tracking.runs[job["id"]].status, lab.tracking.runs[foreign].status} == {"SCHEDULED"}
    assert upkeep.close_orphan_runs(lab.master) == []


@pytest.mark.parametrize(
    ("resources", "field", "told"),
    [
        ({"cpus": 64}, "cpus", "asks for 64 CPUs on one node, the most that any has is 8"),
        ({"gpus": 3}, "gpus", "asks for 3 GPUs on one node, the most that any has is 2"),
        ({"gpus": 1, "gpu_memory": 80 * 1024**3}, "gpu_memory", "80 GiB on a GPU, the most that any has is 24 GiB"),
        ({"memory": 2**50}, "memory", "the most that any node has is 32 GiB"),
        ({"labels": {"site": "mars"}}, "labels", "No node carries site=mars; there are nodes with site=lab"),
        ({"labels": {"site": "lab", "rack": "a"}}, "labels", "No node carries all of rack=a, site=lab"),
    ],
)
def test_what_no_node_could_ever_run_is_refused_with_what_there_is(
    lab: Lab, resources: dict[str, object], field: str, told: str
) -> None:
    lab.agent("gpu1", gpus=2, labels={"site": "lab"})
    request = {"project": "greet", "resources": resources}
    reply = lab.as_("alice").post("/api/jobs", json=request)
    assert (reply.status_code, reply.json()["error"]) == (422, "impossible_resources")
    assert reply.json()["field"] == f"resources.{field}"
    assert told in reply.json()["detail"]
    assert "gpu1 with 8 CPUs, 32 GiB, 2 GPUs of up to 24 GiB" in reply.json()["detail"]
    assert lab.tracking.kept == {}


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        ({"resources": {"node_names": ["gpu1", "gpu9"]}}, "resources.node_names", "unknown_node"),
        ({"resources": {"node_names": ["gpu1"], "nodes": 2}}, "resources.nodes", "impossible_resources"),
        ({"resources": {"node_names": ["cpu1"], "gpus": 1}}, "resources", "impossible_resources"),
        ({"resources": {"nodes": 2, "gpus": 1}}, "resources.nodes", "impossible_resources"),
        ({"resources": {"gpus": -1}}, "resources.gpus", "invalid_request"),
        ({"resources": {"cpus": 0}}, "resources.cpus", "invalid_request"),
        ({"resources": {"memory": -5}}, "resources.memory", "invalid_request"),
        ({"resources": {"labels": {"Bad Key": "x"}}}, "resources.labels", "invalid_request"),
        ({"time_limit": -1}, "time_limit", "invalid_request"),
        ({"priority": 101}, "priority", "invalid_request"),
        ({"grace": -1}, "grace", "invalid_request"),
    ],
)
def test_nonsense_is_refused_naming_the_field(lab: Lab, request_: dict[str, object], field: str, code: str) -> None:
    lab.agent("gpu1", gpus=2)
    lab.agent("cpu1")
    reply = lab.as_("alice").post("/api/jobs", json={"project": "greet", **request_})
    assert (reply.status_code, reply.json()["error"], reply.json()["field"]) == (422, code, field)


def test_a_check_says_when_it_would_start(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=1)
    first = lab.submit(resources={"gpus": 1}, time_limit=3600, grace=0)
    lab.schedule()
    agent.take(first["id"], "preparing", "running")
    request = {"project": "greet", "resources": {"gpus": 1}}
    estimate = datetime.fromisoformat(lab.as_("bob").post("/api/jobs/check", json=request).json()["estimated_start"])
    assert abs((estimate - now()).total_seconds() - 3600) < 30
    endless = lab.submit(resources={"gpus": 1}, time_limit=None)
    later = lab.as_("alice").post("/api/jobs/check", json=request).json()["estimated_start"]
    assert later is None, f"nobody knows how long {endless['id']} in front of it takes"
    alone = {"project": "greet", "resources": {"cpus": 1}}
    soon = lab.as_("bob").post("/api/jobs/check", json=alone).json()["estimated_start"]
    assert abs((datetime.fromisoformat(soon) - now()).total_seconds()) < 30


def test_more_nodes_than_there_are(lab: Lab) -> None:
    lab.agent("gpu1")
    request = {"project": "greet", "resources": {"nodes": 2}}
    reply = lab.as_("alice").post("/api/jobs", json=request)
    assert (reply.json()["error"], reply.json()["field"]) == ("impossible_resources", "resources.nodes")


def test_a_busy_or_silent_node_makes_nothing_impossible(lab: Lab) -> None:
    agent = lab.agent("gpu1", gpus=1)
    agent.beat(foreign={agent.gpus[0].uuid: [1]}, pids={agent.gpus[0].uuid: [1]})
    lab.age_node(agent.id, 100_000)
    assert lab.submit(resources={"gpus": 1})["state"] == "pending"


def test_without_any_node_it_waits_and_says_why(lab: Lab) -> None:
    job = lab.submit(resources={"gpus": 64})
    why = lab.as_("vera").get(f"/api/jobs/{job['id']}/explain").json()
    assert "No worker has joined yet" in why["summary"]


@pytest.mark.parametrize(
    "tags", [{"a" * 251: "x"}, {"bad\nkey": "x"}, {"a": "x" * 8001}, {"proteinx.job": "x"}, {"/a": "x"}]
)
def test_tags_that_mlflow_would_refuse(lab: Lab, tags: dict[str, str]) -> None:
    reply = lab.as_("alice").post("/api/jobs", json={"project": "greet", "tags": tags})
    assert reply.status_code == 422
    assert lab.tracking.runs == {}


def test_a_viewer_makes_no_jobs(lab: Lab) -> None:
    request = {"project": "greet"}
    assert lab.as_("vera").post("/api/jobs", json=request).status_code == 403
    assert lab.as_("vera").post("/api/jobs/check", json=request).status_code == 403
    job = lab.submit()
    assert lab.as_("vera").post(f"/api/jobs/{job['id']}/retry").status_code in (403, 409)
    assert lab.tracking.kept.keys() == {job["id"]}


def test_check_makes_nothing(lab: Lab) -> None:
    reply = lab.as_("alice").post("/api/jobs/check", json={"project": "greet"})
    assert reply.status_code == 200
    assert reply.json()["snapshot"] == lab.snapshot
    assert lab.tracking.runs == {}


def test_retry_makes_a_new_job_with_the_same_pins(lab: Lab) -> None:
    job = lab.submit(name="n", overrides=["a=1"], tags={"t": "1"}, resources={"cpus": 2}, priority=3)
    reply = lab.as_("alice").post(f"/api/jobs/{job['id']}/retry")
    assert (reply.status_code, reply.json()["error"]) == (409, "still_live")
    lab.as_("alice").post(f"/api/jobs/{job['id']}/cancel")
    key = {"Idempotency-Key": "again"}
    first, second = (lab.as_("bob").post(f"/api/jobs/{job['id']}/retry", headers=key).json() for _ in range(2))
    assert first["id"] == second["id"] != job["id"]
    assert (first["parent_job"], first["owner"], first["state"]) == (job["id"], "bob", "pending")
    for same in ("name", "snapshot", "overrides", "tags", "resources", "priority", "inputs", "experiment"):
        assert first[same] == job[same]


def test_clone_is_a_draft(lab: Lab) -> None:
    job = lab.submit(name="n", overrides=["a=1"])
    draft = lab.as_("bob").post(f"/api/jobs/{job['id']}/clone").json()
    assert (draft["name"], draft["overrides"], draft["snapshot"]) == ("n", ["a=1"], lab.snapshot)
    assert lab.as_("bob").get("/api/jobs").json()["total"] == 1
    assert lab.submit("bob", **{key: value for key, value in draft.items() if key not in ("project", "snapshot")})


def test_an_environment_that_the_project_can_not_have_is_refused_at_its_field(lab: Lab) -> None:
    for kind, file in (("venv", "python_env.yaml"), ("conda", "conda.yaml"), ("docker", "docker_env")):
        reply = lab.as_("alice").post("/api/jobs/check", json={"project": "greet", "environment": kind})
        assert (reply.status_code, reply.json()["error"]) == (422, "undeclared_environment")
        assert reply.json()["field"] == "environment"
        assert reply.json()["words"]["params"] == {"environment": kind, "file": file}


def test_an_environment_that_no_worker_gives_is_refused_with_what_there_is(lab: Lab) -> None:
    lab.agent("plain", environments={"own": "Python 3.11.7", "venv": "uv"})
    request = {"project": "greet", "environment": "docker"}
    reply = lab.as_("alice").post("/api/jobs", json=request)
    assert (reply.status_code, reply.json()["error"]) == (422, "impossible_resources")
    assert reply.json()["field"] == "environment"
    assert "No worker can give a job the environment docker; there are: own, venv." in reply.json()["detail"]
    lab.agent("older")  # its agent does not say, so it may be able to
    assert lab.as_("alice").post("/api/jobs", json=request).json()["error"] == "undeclared_environment"


@pytest.fixture
def made(lab: Lab, tmp_path: Path) -> str:
    """A project that declares an image and a python_env."""
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "MLproject").write_text("docker_env: {image: 'lab/fold:1'}\nentry_points: {main: {command: 'true'}}\n")
    (folder / "python_env.yaml").write_text("dependencies: [numpy]\n")
    tree = collect(folder)
    pack(tree, tmp_path / "made.tar.gz")
    body = {"upload_id": lab.upload((tmp_path / "made.tar.gz").read_bytes()), "digest": digest(tree)}
    assert lab.as_("alice").post("/api/projects/made/snapshots", json=body).status_code < 300
    return "made"


def test_a_form_tells_what_the_project_declares(lab: Lab, made: str) -> None:
    form = lab.as_("alice").get(f"/api/projects/{made}/schema").json()
    assert form["environments"] == {"venv": "python_env.yaml", "docker": "lab/fold:1"}


def test_a_job_waits_for_a_worker_that_gives_its_environment(lab: Lab, made: str) -> None:
    able = lab.agent("able", environments={"own": "Python 3.11.7", "docker": "Docker 28.0"})
    lab.agent("plain", environments={"own": "Python 3.11.7"})
    lab.as_("admin").post(f"/api/nodes/{able.id}/drain", json={}).raise_for_status()
    job = lab.submit(project=made, environment="docker")["id"]
    assert lab.schedule() == []
    explained = lab.as_("alice").get(f"/api/jobs/{job}/explain").json()
    assert explained["nodes"]["plain"] == "cannot give a job the environment docker"
    lab.as_("admin").post(f"/api/nodes/{able.id}/undrain").raise_for_status()
    assert lab.schedule() == [job]
    assert lab.job(job)["nodes"] == ["able"]


def test_how_an_attempt_was_started_is_told_by_phrases(lab: Lab) -> None:
    agent = lab.agent("w")
    job = lab.submit()["id"]
    lab.schedule()
    started = {"environment": "own", "start": "cold: run.sh is no Python file"}
    agent.take(job, "preparing").report("running", detail=started)
    shown = lab.job(job)["attempts"][0]["members"][0]
    assert (shown["environment"], shown["start"]) == ("own", "cold: run.sh is no Python file")
    assert shown["start_words"] == {"code": "cold_script", "params": {"script": "run.sh"}}
