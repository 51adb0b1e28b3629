"""Artifacts and datasets that a job makes: whole or not at all, repeatable, fenced."""

import pytest

from app.jobs import artifacts
from tests.app.datasets.test_datasets import CSV
from tests.app.lab import Lab, RunningMember
from tests.app.sending import ref, send, sha
from tests.proteinx.contracts.test_paths import TRAVERSALS


@pytest.fixture
def member(lab: Lab) -> RunningMember:
    agent = lab.agent("n1")
    job = lab.submit()["id"]
    lab.schedule()
    return agent.take(job, "preparing", "running", "finalizing")


def commit(member: RunningMember, files: list[dict], attempt: int = 1):
    path = f"/api/jobs/{member.spec['job_id']}/artifacts"
    return member.client.post(path, params={"attempt": attempt}, json={"files": files})


def listed(lab: Lab, member: RunningMember) -> dict[str, dict]:
    found = lab.as_("vera").get(f"/api/jobs/{member.spec['job_id']}/artifacts").json()
    return {artifact["path"]: artifact for artifact in found}


def on_disk(lab: Lab) -> list[str]:
    root = lab.workdir / "artifacts"
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_committed_and_downloaded(lab: Lab, member: RunningMember) -> None:
    job = member.spec["job_id"]
    artifacts.put_config(lab.master, job, {"模型": "cnn", "lr": 1.0})
    files = [ref(member.client, "metrics.json", b"{}"), ref(member.client, "图/曲线 1.png", b"png")]
    reply = commit(member, files)
    assert reply.status_code == 200, reply.text
    found = listed(lab, member)
    assert set(found) == {"config.yaml", "metrics.json", "图/曲线 1.png"}
    assert (found["metrics.json"]["sha256"], found["metrics.json"]["attempt"]) == (sha(b"{}"), 1)
    assert found["config.yaml"]["sha256"] is None
    assert found["metrics.json"]["location"] == f"artifacts/{job}/artifacts/metrics.json"
    got = lab.as_("vera").get(f"/api/jobs/{job}/artifacts/图/曲线 1.png")
    assert got.content == b"png"
    assert got.headers["content-disposition"].startswith("attachment")
    assert "模型: cnn" in lab.as_("vera").get(f"/api/jobs/{job}/artifacts/config.yaml").text
    assert list((lab.workdir / "uploads").iterdir()) == []


def test_a_repeated_commit_and_one_more_file(lab: Lab, member: RunningMember) -> None:
    first = [ref(member.client, "a", b"1")]
    assert commit(member, first).json() == commit(member, first).json()
    assert commit(member, [*first, ref(member.client, "b", b"2")]).status_code == 200
    assert commit(member, [ref(member.client, "a", b"new")]).status_code == 200
    assert lab.as_("vera").get(f"/api/jobs/{member.spec['job_id']}/artifacts/a").content == b"new"
    assert set(listed(lab, member)) == {"a", "b"}


def test_the_same_content_under_several_names(lab: Lab, member: RunningMember) -> None:
    files = [ref(member.client, "a", b"same")]
    files += [{**files[0], "path": name} for name in ("b", "c/d")]
    assert commit(member, files).status_code == 200
    for name in ("a", "b", "c/d"):
        assert lab.as_("vera").get(f"/api/jobs/{member.spec['job_id']}/artifacts/{name}").content == b"same"


def test_one_that_was_not_uploaded_keeps_all_out(lab: Lab, member: RunningMember) -> None:
    files = [ref(member.client, "a", b"1"), {"path": "b", "sha256": sha(b"2"), "size": 1}]
    reply = commit(member, files)
    assert (reply.status_code, reply.json()["error"]) == (422, "not_uploaded")
    assert "'b'" in reply.json()["detail"]
    assert listed(lab, member) == {}
    assert on_disk(lab) == []


def test_uploads_of_others_do_not_count(lab: Lab, member: RunningMember) -> None:
    send(lab.as_("alice"), b"hers")
    reply = commit(member, [{"path": "a", "sha256": sha(b"hers"), "size": 4}])
    assert reply.json()["error"] == "not_uploaded"


@pytest.mark.parametrize("path", [path for path in TRAVERSALS if path and path != "\ud800"])
def test_no_name_leads_out(lab: Lab, member: RunningMember, path: str) -> None:
    reply = commit(member, [ref(member.client, "a", b"1"), {"path": path, "sha256": sha(b"1"), "size": 1}])
    assert (reply.status_code, reply.json()["error"]) in ((422, "bad_path"), (422, "invalid_request"))
    assert on_disk(lab) == []


@pytest.mark.parametrize("names", [("a", "a"), ("a", "a/b"), ("a/b/c", "a/b")])
def test_clashing_names(lab: Lab, member: RunningMember, names: tuple[str, str]) -> None:
    reply = commit(member, [{**ref(member.client, "x", b"1"), "path": name} for name in names])
    assert (reply.status_code, reply.json()["error"]) == (422, "bad_path")


@pytest.mark.parametrize("path", ["..%2Fconfig.yaml", "..%2F..%2Fother%2Fartifacts%2Fa", "%2Fetc%2Fpasswd", "gone"])
def test_no_download_leads_out(lab: Lab, member: RunningMember, path: str) -> None:
    reply = lab.as_("vera").get(f"/api/jobs/{member.spec['job_id']}/artifacts/{path}")
    assert reply.status_code in (404, 422)


def test_fenced(lab: Lab, member: RunningMember) -> None:
    files = [ref(member.client, "a", b"1")]
    assert commit(member, files, attempt=2).status_code == 410
    assert lab.as_("alice").post(f"/api/jobs/{member.spec['job_id']}/cancel").status_code == 200
    assert member.finish("cancelled").status_code == 204
    assert commit(member, files).status_code == 410
    assert member.client.post("/api/uploads", json={"sha256": sha(b"x"), "size": 1}).status_code == 410
    assert on_disk(lab) == []


def test_after_a_crash_between_move_and_commit(
    lab: Lab, member: RunningMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are in their place, the transaction is not: the same commit again makes it whole."""
    files = [ref(member.client, "a", b"1"), ref(member.client, "b", b"2")]
    moved = lab.master.storage.adopt_all

    def crash(sources) -> None:
        moved(sources)
        raise RuntimeError("the master died here")

    monkeypatch.setattr(lab.master.storage, "adopt_all", crash)
    assert commit(member, files).status_code == 500
    monkeypatch.undo()
    assert commit(member, files).status_code == 200
    assert {path: found["sha256"] for path, found in listed(lab, member).items()} == {"a": sha(b"1"), "b": sha(b"2")}


def finish_with(lab: Lab, member: RunningMember, **content: bytes) -> None:
    files = [ref(member.client, name.replace("__", "/"), data) for name, data in content.items()]
    assert commit(member, files).status_code == 200
    assert member.finish("succeeded", exit_code=0).status_code == 204


def test_outputs_become_datasets_with_lineage(lab: Lab, member: RunningMember) -> None:
    job = member.spec["job_id"]
    finish_with(lab, member, datasets__clean__data_csv=CSV, datasets__many__a=b"1", datasets__many__b__c=b"2", x=b"3")
    clean = lab.as_("vera").get("/api/datasets/clean").json()
    assert (clean["owner"], clean["latest"]["rows"], clean["latest"]["kind"]) == ("alice", 2, "csv")
    assert clean["latest"]["lineage"]["job"] == job
    assert clean["latest"]["columns"]["sequence"] == "sequence"
    assert lab.as_("vera").get("/api/datasets/clean/versions/1/files/data_csv").content == CSV
    assert lab.as_("vera").get("/api/datasets/many/versions/1/files/b/c").content == b"2"
    assert set(listed(lab, member)) == {"x", "datasets/clean.json", "datasets/many.json"}
    reasons = [event["reason"] for event in lab.as_("vera").get(f"/api/jobs/{job}/events").json()]
    assert "made the dataset clean@1" in reasons
    kept = sorted(path.relative_to(lab.workdir).as_posix() for path in (lab.workdir / "processed").rglob("*[!s]/*/*"))
    assert "processed/clean/1/data_csv" in kept


def test_of_several_outputs_the_one_with_records_is_reported(lab: Lab, member: RunningMember) -> None:
    finish_with(lab, member, datasets__folds__data_csv=CSV, datasets__folds__arrays__a_csv=CSV, datasets__folds__x=b"1")
    latest = lab.as_("vera").get("/api/datasets/folds").json()["latest"]
    assert (latest["kind"], latest["rows"], latest["report"]["rows"]) == ("file", 2, 2)
    assert [file["path"] for file in latest["files"]] == ["arrays/a_csv", "data_csv", "x"]
    checked = list((lab.workdir / "processed/.reports").iterdir())
    assert len(checked) == 2  # a check takes a process; there may be thousands of arrays


def test_a_failed_job_makes_no_dataset(lab: Lab, member: RunningMember) -> None:
    assert commit(member, [ref(member.client, "datasets/clean/data.csv", CSV)]).status_code == 200
    assert member.finish("failed", exit_code=1).status_code == 204
    assert lab.as_("vera").get("/api/datasets/clean").status_code == 404
    assert set(listed(lab, member)) == {"datasets/clean/data.csv"}


def test_an_output_that_the_check_refuses_is_kept_with_the_reason(lab: Lab, member: RunningMember) -> None:
    finish_with(lab, member, datasets__broken__x=b"\x00\x01binary")
    latest = lab.as_("vera").get("/api/datasets/broken").json()["latest"]
    assert latest["kind"] == "file"
    assert latest["report"]["findings"][0]["severity"] == "error"


def test_names_that_cannot_be_datasets_are_told(lab: Lab, member: RunningMember) -> None:
    assert commit(member, [ref(member.client, "datasets/my set/a", b"1")]).status_code == 200
    assert member.finish("succeeded", exit_code=0).status_code == 204
    events = lab.as_("vera").get(f"/api/jobs/{member.spec['job_id']}/events").json()
    assert [event["kind"] for event in events].count("dataset_skipped") == 1
    assert set(listed(lab, member)) == {"datasets/my set/a"}


def test_what_a_later_attempt_makes_again_is_its_own(lab: Lab) -> None:
    """A member of a gang may have been done when another one failed: the same bytes come once more."""
    agent = lab.agent("gpu1")
    job = lab.submit()
    for number in (1, 2):
        lab.schedule()
        member = agent.take(job["id"], "running")
        agent.runs.clear()
        assert commit(member, [ref(member.client, "a.txt", b"same")], attempt=number).status_code == 200
        assert listed(lab, member)["a.txt"]["attempt"] == number
        member.finish("preempted")
