"""Datasets over HTTP: made, refused, found, downloaded, deleted."""

import gzip
import threading

import pytest

from app.datasets import service
from app.datasets.check import CLEANABLE
from app.models import Job
from tests.app.lab import Lab
from tests.app.sending import open_upload, send
from tests.proteinx.contracts.test_paths import TRAVERSALS

CSV = b"sequence,target,set\nMKV,1.5,train\nMKL,2.5,test\n"
FASTA = b">a\nMKVL\n>b\nMKIL\n"


def create(lab: Lab, data: bytes = CSV, who: str = "alice", name: str = "gb1", filename: str = "a.csv", **body):
    client = lab.as_(who)
    sent = {"upload_id": send(client, data), "filename": filename, **body}
    return client.post(f"/api/datasets/{name}/versions", json=sent)


def stored(lab: Lab) -> list[str]:
    """Files in the workdir, but for the code that the lab comes with."""
    files = (path.relative_to(lab.workdir).as_posix() for path in lab.workdir.rglob("*") if path.is_file())
    return sorted(file for file in files if not file.startswith("projects/"))


def test_first_version(lab: Lab) -> None:
    reply = create(lab, name="蛋白-1", filename="我的 数据.csv", description="test set")
    assert reply.status_code == 201, reply.text
    version = reply.json()
    assert (version["dataset"], version["number"], version["kind"], version["rows"]) == ("蛋白-1", 1, "csv", 2)
    assert version["columns"]["sequence"] == "sequence"
    assert version["columns"]["target"] == "target"
    assert version["created_by"] == "alice"
    assert stored(lab) == ["raw/蛋白-1/1/我的 数据.csv"]
    dataset = lab.as_("vera").get("/api/datasets/蛋白-1").json()
    assert (dataset["owner"], dataset["versions"], dataset["description"]) == ("alice", 1, "test set")
    assert dataset["latest"] == version
    got = lab.as_("vera").get("/api/datasets/蛋白-1/versions/1/files/我的 数据.csv", headers={"Range": "bytes=0-7"})
    assert (got.status_code, got.content) == (206, b"sequence")
    assert got.headers["etag"] == f'"{version["sha256"]}"'


def test_versions_count_up_and_the_same_again_is_no_new_one(lab: Lab) -> None:
    assert create(lab).json()["number"] == 1
    again = create(lab)
    assert (again.status_code, again.json()["number"]) == (200, 1)
    assert create(lab, FASTA, filename="a.fasta").json()["number"] == 2
    assert create(lab).json()["number"] == 3
    assert create(lab, columns={"target": "target", "set": None}).json()["number"] in (3, 4)
    numbers = [v["number"] for v in lab.as_("bob").get("/api/datasets/gb1/versions").json()]
    assert numbers == sorted(numbers)
    assert list((lab.workdir / "uploads").iterdir()) == []


def test_columns_named_by_the_person(lab: Lab) -> None:
    data = "蛋白,活性\nMKV,1\nMKL,2\n".encode()
    assert create(lab, data).json()["error"] == "missing_column"
    reply = create(lab, data, columns={"sequence": "蛋白", "target": "活性"})
    assert reply.json()["columns"]["target"] == "活性"


@pytest.mark.parametrize(
    ("data", "filename", "line"),
    [
        (b"", "a.fasta", None),
        (b"\x00\x01\x02\x03" * 100, "a.fasta", None),
        (gzip.compress(FASTA * 500, mtime=0)[:-20], "a.fasta.gz", None),
        (b">a\nMKV\n>a\nMKL\n", "a.fasta", "line 3"),
        (b">a\nMK1V\n", "a.fasta", "line 2"),
        (b">a\n>b\nMKV\n", "a.fasta", "line"),
        (b"sequence,target\nMKV,1\nMKL,1,2\n", "a.csv", "line 3"),
    ],
    ids=["empty", "binary", "torn gzip", "doubled id", "illegal residue", "no sequence", "ragged row"],
)
def test_bad_files_are_refused_with_line_and_reason(lab: Lab, data: bytes, filename: str, line: str | None) -> None:
    reply = create(lab, data, filename=filename)
    assert reply.status_code == 422, reply.text
    assert reply.json()["field"] == "file"
    assert (line or "") in reply.json()["detail"]
    assert "on_line" in str(reply.json()["words"]) if line else reply.json()["words"], "pages say it in their language"
    assert lab.as_("alice").get("/api/datasets/gb1").status_code == 404
    # What cleaning may mend waits for the person's answer, beside nothing else.
    may_be_cleaned = reply.json()["error"] in CLEANABLE
    assert [file.split("/")[0] for file in stored(lab)] == ["uploads", "uploads"] * may_be_cleaned


def test_a_missing_column_keeps_the_content_for_another_try(lab: Lab) -> None:
    client = lab.as_("alice")
    body = {"upload_id": send(client, CSV), "filename": "a.csv"}
    refused = client.post("/api/datasets/gb1/versions", json={**body, "columns": {"target": "fitnes"}})
    assert (refused.status_code, refused.json()["error"]) == (422, "missing_column")
    assert client.post("/api/datasets/gb1/versions", json=body).status_code == 201


@pytest.mark.parametrize("filename", [path for path in TRAVERSALS if path and path != "\ud800"] + ["a/b.csv"])
def test_no_file_name_leads_out(lab: Lab, filename: str) -> None:
    reply = create(lab, filename=filename)
    assert (reply.status_code, reply.json()["error"]) in ((422, "bad_path"), (422, "invalid_request"))
    assert [path for path in stored(lab) if not path.startswith("uploads/")] == []


@pytest.mark.parametrize("name", ["..", ".", "a b", "a@1", "a:b", "a%2Fb", "..%2F..%2Fetc", "a%00", "a%5Cb", "x" * 101])
def test_no_dataset_name_leads_out(lab: Lab, name: str) -> None:
    assert create(lab, name=name).status_code in (404, 405, 422)
    assert [path for path in stored(lab) if not path.startswith("uploads/")] == []


@pytest.mark.parametrize("path", ["..%2F..%2F..%2Fhome", "%2Fetc%2Fpasswd", "a.csv%00", "gone.csv"])
def test_no_download_leads_out(lab: Lab, path: str) -> None:
    create(lab)
    assert lab.as_("alice").get(f"/api/datasets/gb1/versions/1/files/{path}").status_code in (404, 422)


def test_unfinished_and_foreign_uploads(lab: Lab) -> None:
    client = lab.as_("alice")
    body = {"upload_id": open_upload(client, CSV)["id"], "filename": "a.csv"}
    assert client.post("/api/datasets/gb1/versions", json=body).json()["error"] == "incomplete"
    foreign = {"upload_id": send(lab.as_("bob"), CSV), "filename": "a.csv"}
    assert client.post("/api/datasets/gb1/versions", json=foreign).status_code == 404


def test_only_owner_and_admin_add_and_delete(lab: Lab) -> None:
    create(lab)
    assert create(lab, FASTA, who="bob").status_code == 403
    assert lab.as_("bob").delete("/api/datasets/gb1").status_code == 403
    assert create(lab, FASTA, who="admin").json()["number"] == 2
    assert lab.as_("admin").delete("/api/datasets/gb1").status_code == 204


def test_two_at_once_get_a_version_each(lab: Lab) -> None:
    numbers: list[int] = []

    def run(text: bytes) -> None:
        numbers.append(create(lab, CSV + text, name="both").json()["number"])

    threads = [threading.Thread(target=run, args=(b"MKI,%d,test\n" % n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2, 3, 4]
    assert len(stored(lab)) == 4


def test_unknown_ones_name_the_nearest(lab: Lab) -> None:
    create(lab)
    assert "'gb1'" in lab.as_("alice").get("/api/datasets/gb2").json()["detail"]
    reply = lab.as_("alice").get("/api/datasets/gb1/versions/7")
    assert (reply.status_code, reply.json()["error"]) == (404, "unknown_version")
    assert "newest is 1" in reply.json()["detail"]


def test_paging_and_search(lab: Lab) -> None:
    for number in range(5):
        create(lab, name=f"set{number}")
    seen, cursor = [], None
    while True:
        page = lab.as_("vera").get("/api/datasets", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        assert page["total"] == 5
        seen += [item["name"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"set{number}" for number in reversed(range(5))]
    found = lab.as_("vera").get("/api/datasets", params={"search": "ET3"}).json()["items"]
    assert [item["name"] for item in found] == ["set3"]
    assert lab.as_("vera").get("/api/datasets", params={"cursor": "x"}).json()["error"] == "bad_cursor"


def test_deleted_numbers_are_not_used_again(lab: Lab) -> None:
    create(lab)
    assert lab.as_("alice").delete("/api/datasets/gb1").status_code == 204
    assert stored(lab) == []
    assert lab.as_("alice").get("/api/datasets/gb1").status_code == 404
    assert lab.as_("alice").get("/api/datasets").json()["items"] == []
    assert lab.as_("alice").delete("/api/datasets/gb1").status_code == 404
    assert create(lab).json()["number"] == 2


def test_a_live_job_keeps_its_dataset(lab: Lab) -> None:
    create(lab)
    job = lab.submit()["id"]
    lab.set_job(job, inputs={"data": "gb1@1"})
    reply = lab.as_("alice").delete("/api/datasets/gb1")
    assert (reply.status_code, reply.json()["error"]) == (409, "in_use")
    assert job in reply.json()["detail"]
    assert lab.as_("vera").get("/api/datasets/gb1/dependents").json()["live_jobs"] == [job]
    lab.set_job(job, state="succeeded")
    assert lab.as_("vera").get("/api/datasets/gb1/dependents").json()["ended_jobs"] == [job]
    assert lab.as_("alice").delete("/api/datasets/gb1").status_code == 204


def test_a_failed_commit_leaves_no_version(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content is moved before the commit: after a crash in between, the file is there and no row names it."""
    client = lab.as_("alice")
    body = {"upload_id": send(client, CSV), "filename": "a.csv"}
    monkeypatch.setattr(service.audit, "write", lambda *_: 1 / 0)
    assert client.post("/api/datasets/gb1/versions", json=body).status_code == 500
    monkeypatch.undo()
    assert client.get("/api/datasets/gb1").status_code == 404
    assert create(lab).status_code == 201
    assert client.get("/api/datasets/gb1/versions/1/files/a.csv").content == CSV


def test_job_rows_are_untouched_by_it(lab: Lab) -> None:
    job = lab.submit()["id"]
    create(lab)
    lab.as_("alice").delete("/api/datasets/gb1")
    with lab.db.read() as session:
        assert session.get_one(Job, job).state == "pending"
