"""Cleaned copies of datasets over HTTP: to download, and in place of an upload that would be refused."""

import gzip
import json

from tests.app.datasets.test_datasets import create, stored
from tests.app.lab import Lab

MELTED = b"sequence,target,set\nMKV,1.5,train\nmkv,1.5,test\nMKL,2.5,test\nMKL,3.5,test\n"
BAD = b"Notes\n>a\nMKV\n>b\nMK1V\n>a\nMKL\n>c\n\n"
KEPT = b">a\nMKV\n>a_2\nMKL\n"


def test_a_cleaned_copy_is_made_for_the_asking_and_not_kept(lab: Lab) -> None:
    assert create(lab, MELTED).status_code == 201
    before = stored(lab)
    reply = lab.as_("vera").get("/api/datasets/gb1/versions/1/cleaned")
    assert (reply.status_code, reply.content) == (200, b"sequence,target,set\nMKV,1.5,train\nMKL,2.5,test\n")
    assert "cleaned-a.csv" in reply.headers["content-disposition"]
    assert "sandbox" in reply.headers["content-security-policy"]
    assert json.loads(reply.headers["proteinx-cleaned"]) == {
        "read": 4,
        "kept": 2,
        "rules": [
            {"rule": "duplicate", "count": 1, "lines": [3]},
            {"rule": "conflicting_label", "count": 1, "lines": [5]},
        ],
    }
    assert stored(lab) == before
    assert list((lab.workdir / "uploads").iterdir()) == []


def test_a_packed_file_stays_packed_and_named_columns_count(lab: Lab) -> None:
    data = gzip.compress("蛋白,活性\nMKV,1\nMKV,1\n".encode(), mtime=0)
    create(lab, data, filename="数据.csv.gz", columns={"sequence": "蛋白", "target": "活性"})
    reply = lab.as_("alice").get("/api/datasets/gb1/versions/1/cleaned")
    assert gzip.decompress(reply.content).decode() == "蛋白,活性\nMKV,1\n"


def test_what_is_not_cleaned(lab: Lab) -> None:
    create(lab, b"HEADER    X\nATOM      1  CA  GLY A   1      1.0 1.0 1.0\n", filename="x.pdb")
    reply = lab.as_("vera").get("/api/datasets/gb1/versions/1/cleaned")
    assert (reply.status_code, reply.json()["error"]) == (422, "not_cleaned")
    assert lab.as_("vera").get("/api/datasets/gb1/versions/2/cleaned").status_code == 404
    assert list((lab.workdir / "uploads").iterdir()) == []


def test_a_refused_file_can_be_cleaned_on_its_way_in(lab: Lab) -> None:
    refused = create(lab, BAD, filename="a.fasta")
    assert refused.json()["error"] == "text_before_header"
    assert "upload it with `clean`" in refused.json()["detail"]
    reply = create(lab, BAD, filename="a.fasta", clean=True)
    assert reply.status_code == 201, reply.text
    version = reply.json()
    assert (version["rows"], version["size"]) == (2, len(KEPT))
    assert {one["rule"]: one["lines"] for one in version["report"]["cleaned"]["rules"]} == {
        "text_before_header": [1],
        "illegal_residue": [4],
        "empty": [8],
        "renamed": [6],
    }
    got = lab.as_("vera").get("/api/datasets/gb1/versions/1/files/a.fasta")
    assert got.content == KEPT
    assert got.headers["etag"] == f'"{version["sha256"]}"'
    again = create(lab, BAD, filename="a.fasta", clean=True)
    assert (again.status_code, again.json()["number"]) == (200, 1)
    assert stored(lab) == ["raw/gb1/1/a.fasta"]


def test_cleaning_what_is_clean_keeps_the_file_itself(lab: Lab) -> None:
    data = b'sequence,target\n"MKV",1\nMKL,2\n'
    version = create(lab, data, clean=True).json()
    assert version["size"] == len(data)
    assert "cleaned" not in version["report"]


def test_where_nothing_is_left_nothing_is_stored(lab: Lab) -> None:
    reply = create(lab, b">a\n??\n", filename="a.fasta", clean=True)
    assert (reply.status_code, reply.json()["error"]) == (422, "nothing_left")
    assert stored(lab) == []
