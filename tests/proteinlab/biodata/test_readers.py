"""Records come out of real files as they stand there, whatever the packing and the line ends."""

import codecs
import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest
from Bio import SeqIO
from hypothesis import given
from hypothesis import strategies as st

from proteinlab.biodata import fasta, streams
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.readers import columns_of, read_records
from proteinlab.biodata.records import Columns, Record

DATA = Path(__file__).parents[2] / "data"


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def unpacked(name: str) -> bytes:
    plain = DATA / name
    return plain.read_bytes() if plain.exists() else gzip.decompress((DATA / f"{name}.gz").read_bytes())


def test_flip_validation_rows_of_train_become_val() -> None:
    records = list(read_records(DATA / "gb1_three_vs_rest.csv"))
    assert Counter(record.set for record in records) == {"train": 20, "val": 5, "test": 15}
    with (DATA / "gb1_three_vs_rest.csv").open() as text:
        rows = list(csv.DictReader(text))
    assert [record.sequence for record in records] == [row["sequence"] for row in rows]
    assert [record.target for record in records] == [row["target"] for row in rows]
    assert records[0].id == "row1"
    assert records[0].line == 2


def test_residue_labels_masks_and_ids_are_found() -> None:
    first = next(read_records(DATA / "secondary_structure.csv"))
    assert first.id == "1es5-A"
    assert first.target is not None
    assert first.mask is not None
    assert len(first.sequence) == len(first.target) == len(first.mask)


def test_named_columns_are_taken_and_only_those() -> None:
    columns = Columns(sequence="x", target="y", set="set")
    records = list(read_records(DATA / "amyloid.csv", columns))
    assert Counter(record.set for record in records) == {"train": 26, "val": 5, "test": 5}
    assert float(records[0].target or "") == pytest.approx(-0.11735164865782)
    assert {record.set for record in read_records(DATA / "amyloid.csv", Columns(sequence="x"))} == {None}


def test_columns_left_unnamed_are_guessed() -> None:
    assert columns_of(DATA / "amyloid.csv", sequence="x") == Columns(sequence="x", target="y", set="set")
    assert columns_of(DATA / "chloroplast.faa.gz") is None


def test_fasta_is_read_as_biopython_reads_it() -> None:
    with gzip.open(DATA / "chloroplast.faa.gz", "rt") as text:
        expected = [(record.id, str(record.seq)) for record in SeqIO.parse(text, "fasta")]
    records = list(read_records(DATA / "chloroplast.faa.gz"))
    assert [(record.id, record.sequence) for record in records] == expected
    lines = unpacked("chloroplast.faa").decode().split("\n")
    assert all(lines[record.line - 1].startswith(f">{record.id}") for record in records)


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_chunk_boundaries_do_not_show(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chunk: int) -> None:
    path = written(tmp_path, "a.fasta", unpacked("chloroplast.faa")[:4000])
    windows = written(tmp_path, "b.fasta", path.read_bytes().replace(b"\n", b"\r\n"))
    expected = list(read_records(path))
    monkeypatch.setattr(streams, "CHUNK", chunk)
    assert list(read_records(path)) == expected
    assert list(read_records(windows)) == expected


@pytest.mark.parametrize(
    "change",
    [
        lambda text: codecs.BOM_UTF8 + text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b"\n", b"\r"),
        lambda text: text.rstrip(b"\n"),
        lambda text: text + b"\n\n",
        gzip.compress,
        lambda text: gzip.compress(text[:3000]) + gzip.compress(text[3000:]) + bytes(512),
    ],
    ids=["mark", "crlf", "cr", "no final newline", "blank lines", "gzip", "gzip members and padding"],
)
@pytest.mark.parametrize("name", ["gb1_three_vs_rest.csv", "chloroplast.faa"])
def test_packing_and_line_ends_do_not_matter(tmp_path: Path, name: str, change) -> None:
    plain = unpacked(name)
    expected = list(read_records(written(tmp_path, "plain", plain)))
    assert expected
    assert list(read_records(written(tmp_path, "changed", change(plain)))) == expected


def test_biotrainer_headers(tmp_path: Path) -> None:
    text = (
        ">a SET=train TARGET=0.5\nmkt\n>b TARGET=HHC SET=train VALIDATION=True MASK=011 OS=Homo\nMKT\n"
        ">c\nMK\n>d SET=test TARGET=Nucleus\nMKTW\n"
    )
    records = list(read_records(written(tmp_path, "x.fasta", text)))
    assert records == [
        Record("a", "MKT", "0.5", "train", None, 1),
        Record("b", "MKT", "HHC", "val", "011", 3),
        Record("c", "MK", None, None, None, 5),
        Record("d", "MKTW", "Nucleus", "test", None, 7),
    ]


def test_chinese_columns_quotes_and_spaces(tmp_path: Path) -> None:
    text = '编号,蛋白质序列,适应度,划分\n"酶, 野生型","MKT\nAYI",1.5,训练\nb," mk ",2,test\n'
    records = list(read_records(written(tmp_path, "数据 表.csv", text)))
    assert records == [
        Record("酶, 野生型", "MKTAYI", "1.5", "训练", None, 2),
        Record("b", "MK", "2", "test", None, 4),
    ]


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_delimiters_are_told_by_content(tmp_path: Path, delimiter: str) -> None:
    rows = [["Protein Sequence", "DMS_score", "split"], ["MKT", "0,5" if delimiter == ";" else "0.5", "tune"]]
    text = "".join(delimiter.join(row) + "\n" for row in rows)
    (record,) = read_records(written(tmp_path, "table.txt", text))
    assert (record.sequence, record.target, record.set) == ("MKT", rows[1][1], "val")


def test_a_table_as_pandas_writes_it(tmp_path: Path) -> None:
    (record,) = read_records(written(tmp_path, "x.csv", ",protein,sequence,label\n0,hemoglobin,MKT,1\n"))
    assert (record.sequence, record.target) == ("MKT", "1")


def test_alignments_keep_their_gaps() -> None:
    records = list(read_records(DATA / "msaprobs.a2m.gz"))
    assert len(records) == 8
    assert len({len(record.sequence) for record in records}) == 1
    assert "." in records[0].sequence


ids = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1, max_size=50)
sequences = st.text("ACDEFGHIKLMNPQRSTVWYBJOUXZ*acdxy", min_size=1, max_size=200)


@given(st.lists(st.tuples(ids, sequences), min_size=1, max_size=20), st.integers(1, 80), st.integers(1, 99))
def test_fasta_round_trip(tmp_path_factory, records, width: int, chunk: int) -> None:
    text = "".join(
        f">{name} about it\n" + "".join(f"{seq[at : at + width]}\n" for at in range(0, len(seq), width))
        for name, seq in records
    )
    path = written(tmp_path_factory.mktemp("fasta"), "x.fasta", text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "CHUNK", chunk)
        found = [(record.id, record.sequence) for record in read_records(path)]
    assert found == [(name, seq.upper()) for name, seq in records]


@given(st.lists(st.tuples(ids, sequences, st.floats(allow_nan=False)), min_size=1, max_size=20))
def test_csv_round_trip(tmp_path_factory, rows) -> None:
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerows([("id", "sequence", "target"), *rows])
    found = [(record.id, record.sequence, float(record.target or "")) for record in read_records(path)]
    assert found == [(name, seq.upper(), value) for name, seq, value in rows]


def test_an_endless_record_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fasta, "LONGEST_RECORD", 1000)
    monkeypatch.setattr(streams, "CHUNK", 100)
    path = written(tmp_path, "genome.fa", ">a\nMK\n>chr1\n" + "ACGT" * 1000)
    with pytest.raises(DataError) as caught:
        list(read_records(path))
    assert caught.value.code == "record_too_long"
