"""Looking into a dataset's files over HTTP, with the real data library."""

from pathlib import Path

from app.datasets import derived
from tests.app.lab import Lab
from tests.app.sending import send

DATA = Path(__file__).parents[2] / "data"
CSV = b"id,sequence,target,set\np1,MKVLAA,1.5,train\np2,MKLL,2.5,test\np3,GGGGGGGG,3.5,train\n"
BAD = b">a\nMKVL\n>b\nMK1L\n>c\n\n>a\nMKVLL\n>d\nMKVL\n"


def create(lab: Lab, data: bytes, filename: str, **body):
    client = lab.as_("alice")
    sent = {"upload_id": send(client, data), "filename": filename, **body}
    return client.post("/api/datasets/set/versions", json=sent)


def look(lab: Lab, what: str, **query):
    return lab.as_("vera").get(f"/api/datasets/set/versions/1/{what}", params=query)


def ids(lab: Lab, **query) -> list[str]:
    reply = look(lab, "records", **query)
    assert reply.status_code == 200, reply.text
    return [record["id"] for record in reply.json()["items"]]


def test_records_by_page_and_filter(lab: Lab) -> None:
    assert create(lab, CSV, "a.csv").status_code == 201
    page = look(lab, "records", offset=1, limit=1).json()
    assert (page["kind"], page["offset"], page["total"], page["rows"]) == ("sequences", 1, 3, 3)
    assert page["items"] == [
        {"row": 2, "line": 3, "id": "p2", "length": 4, "sequence": "MKLL", "target": "2.5", "set": "test"}
    ]
    assert ids(lab, search="kv") == ["p1"]
    assert ids(lab, search="P3") == ["p3"]
    assert ids(lab, search="%") == []
    assert ids(lab, set="train") == ["p1", "p3"]
    assert ids(lab, min_length=5, max_length=6) == ["p1"]
    assert ids(lab, line=[3, 4]) == ["p2", "p3"]
    assert look(lab, "records", search="G").json()["total"] == 1


def test_the_index_is_made_once_and_forgotten_when_nobody_looks(lab: Lab, monkeypatch) -> None:
    create(lab, CSV, "a.csv")
    ids(lab)
    [made] = (lab.workdir / "cache").iterdir()
    before = made.stat().st_ino
    ids(lab)
    assert made.stat().st_ino == before
    monkeypatch.setattr(derived, "KEEP", -1.0)
    look(lab, "structure")
    assert not made.exists()


def test_a_file_without_records_says_what_it_is(lab: Lab) -> None:
    create(lab, (DATA / "1A8O.pdb.gz").read_bytes(), "1A8O.pdb.gz")
    reply = look(lab, "records")
    assert (reply.status_code, reply.json()["error"]) == (422, "not_sequences")
    assert look(lab, "records", path="none").json()["error"] == "file_not_found"
    assert list((lab.workdir / "cache").iterdir()) == []


def test_an_alignment(lab: Lab) -> None:
    create(lab, (DATA / "globins45.ali.gz").read_bytes(), "globins45.fa.gz")
    shape = look(lab, "alignment").json()
    assert shape["rows"] == len(look(lab, "records", limit=500).json()["items"]) > 10
    assert len(shape["consensus"]) == len(shape["conservation"]) == len(shape["gaps"]) == shape["width"]
    assert max(shape["conservation"]) > 0.6
    assert {len(record["sequence"]) for record in look(lab, "records").json()["items"]} == {shape["width"]}


def test_aligned_fasta_keeps_the_lines_of_the_file(lab: Lab) -> None:
    create(lab, b">a\nMK-V\nAA\n>b\nMKLV\nA.\n", "a.fasta")
    [first, second] = look(lab, "records").json()["items"]
    assert (first["line"], first["sequence"], first["length"]) == (1, "MK-VAA", 5)
    assert (second["line"], second["sequence"], second["length"]) == (4, "MKLVA-", 5)
    assert look(lab, "alignment").json()["consensus"] == "MKLVAA"


def test_sequences_are_no_alignment(lab: Lab) -> None:
    create(lab, CSV, "a.csv")
    assert look(lab, "alignment").json()["error"] == "not_an_alignment"


def test_a_structure(lab: Lab) -> None:
    create(lab, (DATA / "2BEG.pdb.gz").read_bytes(), "2BEG.pdb.gz")
    view = look(lab, "structure").json()
    assert [chain["name"] for chain in view["chains"]] == ["A", "B", "C", "D", "E"]
    assert view["models"] == 1
    assert not view["confidence"]
    for chain in view["chains"]:
        assert len(chain["sequence"]) == len(chain["numbers"]) == len(chain["b_factors"])
        assert len(chain["sequence"]) + len(chain["missing"]) == chain["full_length"]


def test_sequences_are_no_structure(lab: Lab) -> None:
    create(lab, CSV, "a.csv")
    assert look(lab, "structure").json()["error"] == "not_a_structure"


def test_a_refused_upload_can_be_stored_cleaned_without_sending_it_again(lab: Lab) -> None:
    client = lab.as_("alice")
    body = {"upload_id": send(client, BAD), "filename": "a.fasta"}
    refused = client.post("/api/datasets/set/versions", json=body)
    assert (refused.status_code, refused.json()["error"]) == (422, "empty_sequence")
    assert "line 5" in refused.json()["detail"]
    made = client.post("/api/datasets/set/versions", json={**body, "clean": True})
    assert made.status_code == 201, made.text
    version = made.json()
    assert version["rows"] == 2
    done = version["report"]["cleaned"]
    assert (done["read"], done["kept"]) == (5, 2)
    assert {rule["rule"] for rule in done["rules"]} == {"illegal_residue", "empty", "duplicate", "renamed"}
    stored = client.get("/api/datasets/set/versions/1/files/a.fasta")
    assert stored.content == b">a\nMKVL\n>a_2\nMKVLL\n"
    assert stored.headers["etag"] == f'"{version["sha256"]}"'
    assert version["size"] == len(stored.content)
    assert list((lab.workdir / "uploads").iterdir()) == []


def test_a_table_of_variants(lab: Lab) -> None:
    create(lab, b"variant,target\nA1G,0.5\nA1G:K2L,1.5\nL3V,1\n", "dms.csv")
    page = look(lab, "records").json()
    assert (page["kind"], page["rows"]) == ("variants", 3)
    assert page["items"][0]["sequence"] == "A1G"


def test_jobs_that_use_it(lab: Lab) -> None:
    create(lab, CSV, "a.csv")
    job = lab.submit()["id"]
    lab.set_job(job, inputs={"data": "set@1"})
    [use] = lab.as_("vera").get("/api/datasets/set/dependents").json()["jobs"]
    assert (use["id"], use["versions"], use["state"], use["owner"]) == (job, [1], "pending", "alice")
