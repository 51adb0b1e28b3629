"""Checkpoints: committed by manifest, two and the best kept, the newest resumed from."""

import pytest

from app.jobs import checkpoints
from app.workdir import service as workdir
from proteinx.contracts.system import SystemSettings
from tests.app.lab import Agent, Lab, RunningMember
from tests.app.sending import ref, sha


@pytest.fixture
def agent(lab: Lab) -> Agent:
    return lab.agent("n1")


@pytest.fixture
def member(lab: Lab, agent: Agent) -> RunningMember:
    job = lab.submit()["id"]
    lab.schedule()
    return agent.take(job, "preparing", "running")


def commit(member: RunningMember, step: int, *, best: bool = False, files: list[dict] | None = None, **query):
    files = files or [ref(member.client, "last.ckpt", b"weights %d" % step), ref(member.client, "meta.json", b"{}")]
    body = {"step": step, "manifest": {"step": step, "epoch": 1}, "files": files, "best": best}
    params = {"attempt": member.spec["attempt"], **query}
    return member.client.post(f"/api/jobs/{member.spec['job_id']}/checkpoints", params=params, json=body)


def steps(lab: Lab, member: RunningMember) -> list[int]:
    found = lab.as_("vera").get(f"/api/jobs/{member.spec['job_id']}/checkpoints").json()
    return [checkpoint["step"] for checkpoint in found]


def on_disk(lab: Lab) -> set[str]:
    return {path.parent.name + "/" + path.name for path in (lab.workdir / "checkpoints").rglob("*") if path.is_file()}


def test_two_and_the_best_are_kept(lab: Lab, member: RunningMember) -> None:
    for step in (10, 20, 30, 40):
        assert commit(member, step, best=step == 20).status_code == 200
    assert steps(lab, member) == [40, 30, 20]
    weights = {name for name in on_disk(lab) if name.endswith("ckpt")}
    assert weights == {"1-20/last.ckpt", "1-30/last.ckpt", "1-40/last.ckpt"}
    commit(member, 50, best=True)
    assert steps(lab, member) == [50, 40]
    weights = {name for name in on_disk(lab) if name.endswith("ckpt")}
    assert weights == {"1-40/last.ckpt", "1-50/last.ckpt"}


def test_shared_files_live_as_long_as_one_needs_them(lab: Lab, member: RunningMember) -> None:
    for step in (10, 20, 30, 40):
        commit(member, step)
    with lab.db.read() as session:
        spec = checkpoints.newest(session, member.spec["job_id"])
    assert spec is not None
    assert (spec.step, spec.manifest["step"]) == (40, 40)
    content = {file.path: member.client.get(file.url).content for file in spec.files}
    assert content == {"last.ckpt": b"weights 40", "meta.json": b"{}"}
    assert len([name for name in on_disk(lab) if name.endswith("meta.json")]) == 1


def test_what_is_stored_need_not_be_sent_again(lab: Lab, member: RunningMember) -> None:
    commit(member, 10)
    known = {"path": "best.ckpt", "sha256": sha(b"weights 10"), "size": 10}
    assert commit(member, 20, files=[ref(member.client, "last.ckpt", b"w"), known]).status_code == 200
    url = f"/api/jobs/{member.spec['job_id']}/checkpoints/20/files/best.ckpt"
    assert lab.as_("vera").get(url).content == b"weights 10"


def test_a_repeated_commit_is_the_first(lab: Lab, member: RunningMember) -> None:
    files = [ref(member.client, "last.ckpt", b"w")]
    first = commit(member, 10, files=files).json()
    assert commit(member, 10, files=files).json() == first
    assert steps(lab, member) == [10]


def test_torn_and_unsafe(lab: Lab, member: RunningMember) -> None:
    missing = {"path": "last.ckpt", "sha256": sha(b"never sent"), "size": 10}
    assert commit(member, 10, files=[missing]).json()["error"] == "not_uploaded"
    unsafe = {**ref(member.client, "x", b"w"), "path": "../../x"}
    assert commit(member, 10, files=[unsafe]).json()["error"] == "bad_path"
    assert steps(lab, member) == []


def test_over_the_quota_only_the_newest_stays(lab: Lab, member: RunningMember) -> None:
    with lab.db.write() as session:
        workdir.set_settings(session, "master", SystemSettings(checkpoint_bytes=5))
    for step in (10, 20):
        assert commit(member, step, best=step == 10).status_code == 200
    assert steps(lab, member) == [20]


def test_the_next_attempt_resumes_and_may_come_to_the_same_step(lab: Lab, agent: Agent, member: RunningMember) -> None:
    job = member.spec["job_id"]
    commit(member, 10)
    commit(member, 20)
    late = [ref(member.client, "last.ckpt", b"late")]
    assert member.finish("failed", fault="infra", reason="gone").status_code == 204
    assert commit(member, 30, files=late).status_code == 410
    lab.set_job(job, not_before=None)
    agent.runs.clear()
    agent.beat()
    lab.schedule()
    second = agent.take(job, "preparing", "running")
    resumed = second.spec["checkpoint"]
    assert (resumed["step"], {file["path"] for file in resumed["files"]}) == (20, {"last.ckpt", "meta.json"})
    assert second.client.get(resumed["files"][0]["url"]).status_code == 200
    assert commit(second, 20, files=[ref(second.client, "last.ckpt", b"again")]).status_code == 200
    assert lab.as_("vera").get(f"/api/jobs/{job}/checkpoints/20/files/last.ckpt").content == b"again"


def test_only_its_own_job_and_rank(lab: Lab, member: RunningMember) -> None:
    other = lab.submit()["id"]
    assert member.client.get(f"/api/jobs/{other}/checkpoints").status_code == 403
    assert member.client.get(f"/api/jobs/{other}/checkpoints/1/files/x").status_code == 403
    assert lab.as_("alice").post(f"/api/jobs/{other}/checkpoints", params={"attempt": 1}, json={}).status_code in (
        403,
        422,
    )
    assert commit(member, 10, attempt=7).status_code == 410
