"""A cleaned copy keeps what is good, as it stood, and passes the upload check."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from proteinlab.biodata.check import main
from proteinlab.biodata.clean import Cleaned, clean
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.quality import report
from proteinlab.biodata.readers import read_records

DATA = Path(__file__).parents[2] / "data"


def rules(cleaned: Cleaned) -> dict[str, list[int]]:
    return {one.rule: one.lines for one in cleaned.rules}


def test_meltome_loses_its_repeats_and_keeps_its_columns(tmp_path: Path) -> None:
    source, out = DATA / "meltome_full_task.csv", tmp_path / "clean.csv"
    before = report(source)
    cleaned = clean(source, out)
    after = report(out)
    repeats = next(one for one in before.findings if one.code == "duplicate_sequence")
    assert (cleaned.read, cleaned.kept, after.rows) == (30, 30 - repeats.count, 30 - repeats.count)
    assert sorted(line for lines in rules(cleaned).values() for line in lines) == repeats.lines
    assert not {"duplicate_sequence", "conflicting_label"} & {one.code for one in after.findings}
    with source.open() as text, out.open() as made:
        seen, expected = set(), []
        for row in csv.DictReader(text):
            if row["sequence"] not in seen:
                expected.append(row)
            seen.add(row["sequence"])
        assert list(csv.DictReader(made)) == expected


def test_clean_data_comes_out_as_it_was(tmp_path: Path) -> None:
    for name in ("gb1_three_vs_rest.csv", "pab1.csv", "acp.csv"):
        cleaned = clean(DATA / name, tmp_path / name)
        assert cleaned.rules == []
        assert (tmp_path / name).read_text() == (DATA / name).read_text()
    packed = tmp_path / "proteins.fasta.gz"
    clean(DATA / "chloroplast.faa.gz", packed)
    with gzip.open(DATA / "chloroplast.faa.gz", "rt") as text:
        heads = [line for line in text if line.startswith(">")]
    with gzip.open(packed, "rt") as text:
        kept = [line for line in text if line.startswith(">")]
    sequences = [one.sequence for one in read_records(DATA / "chloroplast.faa.gz")]
    assert [one.sequence for one in read_records(packed)] == list(dict.fromkeys(sequences))
    assert set(kept) <= set(heads)


def test_a_refused_fasta_is_mended(tmp_path: Path) -> None:
    path, out = tmp_path / "bad.fasta", tmp_path / "good.fasta"
    path.write_bytes(
        b"My proteins\n>a first TARGET=1\nmk t\n>b\nMK1T\n>c\n\n>a again\nMKW\n>d\nMKT\n>e\nMKW\n>f\nM-K\n"
        b">g \xc3\xa4\nM\xc3\x84\n>h TARGET=1\nMKT\n>a\nMKY\n"
    )
    with pytest.raises(DataError):
        report(path)
    cleaned = clean(path, out)
    assert out.read_text() == ">a first TARGET=1\nMKT\n>a_2 again\nMKW\n>a_3\nMKY\n"
    assert rules(cleaned) == {
        "text_before_header": [1],
        "empty": [6],
        "illegal_residue": [4, 14, 16],
        "duplicate": [12, 18],
        "conflicting_label": [10],
        "renamed": [8, 20],
    }
    assert report(out).rows == 3


def test_bad_rows_of_a_table_and_of_variants(tmp_path: Path) -> None:
    path, out = tmp_path / "t.csv", tmp_path / "out.csv"
    path.write_text('id,sequence,target\na,"MK T",1\nb,MKA\nc,MK?,2\nd,,3\ne,mkt,1\n"f, g",MKC,4\n')
    cleaned = clean(path, out)
    assert rules(cleaned) == {"empty": [3, 5], "illegal_residue": [4], "duplicate": [6]}
    assert out.read_text() == 'id,sequence,target\na,MKT,1\n"f, g",MKC,4\n'
    path.write_text('variant,score\n"L5K,A1P",1\n"A1P,L5K",1\nA1,2\nA1P,3\n')
    cleaned = clean(path, out)
    assert rules(cleaned) == {"bad_variant": [4], "duplicate": [3]}
    assert out.read_text() == 'variant,score\n"L5K,A1P",1\nA1P,3\n'


def test_the_command_writes_it_even_of_a_refused_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "upload", tmp_path / "clean.fasta"
    path.write_text(">a\nMKT\n>b\nMK1\n")
    assert main([str(path), "--clean", str(out)]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["error"]["code"] == "illegal_residue"
    assert (answer["cleaned"]["read"], answer["cleaned"]["kept"]) == (2, 1)
    assert answer["cleaned"]["rules"] == [{"rule": "illegal_residue", "count": 1, "lines": [3]}]
    assert main([str(out)]) == 0
    assert "cleaned" not in json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.pdb", b"ATOM      1  N   GLY\n", "not_cleaned"),
        ("x.fasta", b">a\n??\n", "nothing_left"),
        ("x.fasta.gz", gzip.compress(b">a\nMK\n" * 9999)[:-30], "truncated_gzip"),
    ],
)
def test_what_cannot_be_cleaned_leaves_no_file(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path, out = tmp_path / name, tmp_path / "out.fasta"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        clean(path, out)
    assert caught.value.code == code
    assert not list(tmp_path.glob("out*"))
