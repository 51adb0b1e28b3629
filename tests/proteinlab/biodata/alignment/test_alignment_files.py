"""Alignments of every format come out as Biopython reads them; broken ones are told by line."""

import gzip
from pathlib import Path

import pytest
from Bio import AlignIO

from proteinlab.biodata.alignment.alignment import Alignment, trim_columns
from proteinlab.biodata.alignment.files import read_alignment, write_alignment
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.quality import report

DATA = Path(__file__).parents[3] / "data"
FILES = {
    "pfam1.seed.txt.gz": "stockholm",
    "cath3.sth.gz": "stockholm",
    "globins45.ali.gz": "stockholm",
    "protein.aln.gz": "clustal",
    "W_prot.msf.gz": "msf",
    "msaprobs.a2m.gz": "fasta",
}


@pytest.mark.parametrize(("name", "form"), FILES.items())
def test_read_as_biopython_reads_it(name: str, form: str) -> None:
    with gzip.open(DATA / name, "rt") as text:
        expected = AlignIO.read(text, form)
    found = read_alignment(DATA / name)
    assert [one.split("/")[0] for one in found.ids] == [row.id.split("/")[0] for row in expected]
    assert list(found.rows) == [str(row.seq).upper().replace(".", "-") for row in expected]
    assert report(DATA / name).rows == len(expected)


def test_a3m_insertions_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x.a3m"
    path.write_text(">query\nMKTAY\n>one\nMK-AYaa\n>two\nMrrKTA-\n")
    assert list(read_alignment(path).rows) == ["MKTAY", "MK-AY", "MKTA-"]


def test_round_trip_through_fasta(tmp_path: Path) -> None:
    found = read_alignment(DATA / "globins45.ali.gz")
    write_alignment(found, tmp_path / "out.fasta")
    assert read_alignment(tmp_path / "out.fasta") == found


def test_trimming_drops_columns_of_gaps() -> None:
    found = read_alignment(DATA / "globins45.ali.gz")
    trimmed, kept = trim_columns(found, 0.5)
    for column in range(found.width):
        share = sum(row[column] == "-" for row in found.rows) / len(found)
        assert (column in kept) == (share <= 0.5)
    assert [row[0] for row in trimmed.rows] == [row[kept[0]] for row in found.rows]
    assert trimmed.width == len(kept) < found.width
    with pytest.raises(DataError) as caught:
        trim_columns(Alignment(["a", "b"], ["M-", "-K"]), 0.1)
    assert caught.value.code == "nothing_left"


CLUSTAL = "CLUSTAL W (1.81) multiple sequence alignment\n\n"
BROKEN = [
    ("a.sth", "# STOCKHOLM 1.0\na MKT\nb MK\n//\n", "ragged_alignment", 3, "Row 'b' has 2 columns, row 'a' has 3"),
    ("b.sth", "# STOCKHOLM 1.0\na MKT\nb MKT\n", "bad_alignment", None, "cut short"),
    ("c.sth", "# STOCKHOLM 1.0\na MKT\n//\n# STOCKHOLM 1.0\nb MK\n//\n", "several_alignments", 5, "one per file"),
    ("d.sth", "# STOCKHOLM 1.0\na MK1\n//\n", "illegal_residue", 2, "'1' in row 'a'"),
    ("e.sth", "# STOCKHOLM 1.0\n#=GF ID x\n//\n", "no_records", 1, "no rows"),
    ("f.aln", f"{CLUSTAL}a MKT 3\nb MKT 3\n  ***\n\na AY\nb A\n", "ragged_alignment", 4, "4 columns"),
    ("g.aln", f"{CLUSTAL}a MK T\n", "bad_alignment", 3, "no row"),
]


@pytest.mark.parametrize(("name", "content", "code", "line", "words"), BROKEN, ids=[row[0] for row in BROKEN])
def test_broken_ones_are_told_by_line_at_upload_too(
    tmp_path: Path, name: str, content: str, code: str, line: int | None, words: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    for reader in (read_alignment, report):
        with pytest.raises(DataError) as caught:
            reader(path)
        assert (caught.value.code, caught.value.line) == (code, line)
        assert words in caught.value.detail


def test_fasta_of_unequal_lengths_and_other_files(tmp_path: Path) -> None:
    path = tmp_path / "x.fasta"
    path.write_text(">a\nMKT\n>b\nMK\n")
    with pytest.raises(DataError) as caught:
        read_alignment(path)
    assert (caught.value.code, caught.value.line) == ("ragged_alignment", 3)
    with pytest.raises(DataError) as caught:
        read_alignment(DATA / "1A8O.pdb.gz")
    assert caught.value.code == "not_an_alignment"
