"""What an upload refuses: the code, the line, and words that say what to do."""

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from proteinlab.biodata.check import main
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.quality import report
from proteinlab.biodata.readers import read_records
from proteinlab.biodata.records import Columns

DATA = Path(__file__).parents[2] / "data"
LONG = "".join(f">p{number}\nMKTAYIAKQR\nQISFVKSHFS\n" for number in range(40_000))  # over one chunk

REFUSED = [
    ("empty.fasta", b"", "empty_file", None, "empty"),
    ("blank.csv", b" \n\n", "empty_file", None, "empty"),
    ("empty.fasta.gz", gzip.compress(b""), "empty_file", None, "empty"),
    ("noise.fasta", random.Random(0).randbytes(5000), "binary_file", 1, "FASTA, CSV or TSV"),
    ("book.csv", b"PK\x03\x04" + bytes(200), "binary_file", 1, "CSV UTF-8"),
    ("wide.csv", "sequence,y\nMK,1\n".encode("utf-16"), "wrong_encoding", 1, "UTF-8"),
    ("chinese.csv", "序列,标签\nMK,1\n".encode("gbk"), "not_utf8", 1, "UTF-8"),
    ("cut.fasta.gz", gzip.compress(LONG.encode())[:-20_000], "truncated_gzip", ..., "copy or pack"),
    ("bad.fasta.gz", gzip.compress(b">a\nMKT\n")[:-8] + bytes(8), "corrupt_gzip", ..., "damaged"),
    ("twice.fasta", b">a one\nMK\n>b\nMR\n>a two\nML\n", "duplicate_id", 5, "'a' stands on line 1"),
    ("far.fasta", (LONG + ">p3\nMK\n").encode(), "duplicate_id", 120_001, "line 10"),
    ("digit.fasta", b">a\nMKT\nMK1T\n>b\nMK\n", "illegal_residue", 3, "'1' is not a residue"),
    ("umlaut.fasta", ">ä\nMKT\n>b\nMKÄT\n".encode(), "illegal_residue", 4, "'Ä'"),
    ("late.fasta", (LONG + ">x\nMK\nM K\n\nMK?\n").encode(), "illegal_residue", 120_005, "'?'"),
    ("gap.fasta", b">a\nMKT\n>b\nMK-TAA\n>c\nMKTAA\n", "illegal_residue", 3, "alignments"),
    ("one_gap.fasta", b">a\nMK-T\n", "illegal_residue", 1, "one sequence"),
    ("intro.fasta", b"\nMy proteins\n>a\nMKT\n", "text_before_header", 2, "'>'"),
    ("hollow.fasta", b">a\nMKT\n>b\n\n>c\nMK\n", "empty_sequence", 3, "'b' has no sequence"),
    ("last.fasta", b">a\nMKT\n>b", "empty_sequence", 3, "'b'"),
    ("nameless.fasta", b">a\nMKT\n> \nMKT\n", "missing_id", 3, "after '>'"),
    ("other.csv", b"protein name,weight\nhk2,3\n", "missing_column", 1, "protein name, weight"),
    ("names.csv", b"protein,target\nhemoglobin,3\n", "missing_column", 1, "protein, target"),
    ("near.csv", b"seqence,target\nMKT,1\n", "missing_column", 1, "Nearest: 'seqence'"),
    (
        "headless.csv",
        b"MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ,1\nMKT,2\n",
        "missing_column",
        1,
        "column names before it",
    ),
    ("double.csv", b"sequence,y,sequence\nMK,1,MR\n", "duplicate_column", 1, "stands 2 times"),
    ("ragged.csv", b"sequence,y\nMK,1\nMR,1,5\n", "ragged_row", 3, "3 fields, the header 2"),
    ("quote.csv", b'sequence,y\nMK,1\n"MR,1\nMW,2\n', "bad_table", 3, "quotes"),
    ("hollow.csv", b"id,sequence\na,MK\nb,\n", "empty_sequence", 3, "'b'"),
    ("letter.csv", b"id,sequence\n\na,MK\nb,M1\n", "illegal_residue", 4, "'1'"),
    ("bool.csv", b"sequence,validation\nMK,perhaps\n", "bad_boolean", 2, "perhaps"),
    ("rows.csv", b"sequence,target\n", "no_records", 1, "no rows"),
    ("no_atoms.pdb", b"HEADER    PLANT PROTEIN\nEND\n", "no_atoms", None, "no atoms"),
]


@pytest.mark.parametrize(("name", "content", "code", "line", "words"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(tmp_path: Path, name: str, content: bytes, code: str, line, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        report(path)
    assert caught.value.code == code
    assert words in str(caught.value)
    assert caught.value.line == line or (line is ... and caught.value.line)


def test_a_cut_gzip_names_the_line_it_ends_on(tmp_path: Path) -> None:
    path = tmp_path / "cut.fasta.gz"
    path.write_bytes(gzip.compress(LONG.encode())[:-20_000])
    seen = []
    with pytest.raises(DataError) as caught:
        seen.extend(read_records(path))
    assert caught.value.line is not None
    assert seen[-1].line < caught.value.line <= LONG.count("\n")


def test_a_wrong_column_name_shows_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"No column 'DMS score' for target.*Nearest: 'dms_score'"):
        path = tmp_path / "t.csv"
        path.write_text("sequence,dms_score\nMK,1\n")
        report(path, Columns(target="DMS score"))


def test_a_column_that_holds_sequences_is_pointed_out() -> None:
    with pytest.raises(DataError, match="'x' holds what looks like sequences"):
        report(DATA / "amyloid.csv")


def test_errors_survive_pickling() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(DataError("code", "What to do.", 7)))
    assert (error.code, error.detail, error.line, str(error)) == (
        "code",
        "What to do.",
        7,
        "line 7: What to do.",
    )


def test_command_refuses_with_code_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b">a\nMK\n>a\nMK\n")
    assert main([str(path)]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    assert answer["report"] is None
    assert answer["error"]["code"] == "duplicate_id"
    assert answer["error"]["line"] == 3


CHECK_IMPORTS = """
import sys
from proteinlab.biodata.check import main
code = main(sys.argv[1:])
sys.exit(code or len({"torch", "pandas", "scipy", "mlflow", "dask", "Bio.PDB"} & set(sys.modules)))
"""


def test_command_reports_and_imports_nothing_heavy() -> None:
    options = ["--sequence", "x", "--target", "y", "--name", "amyloid.csv"]
    command = [sys.executable, "-c", CHECK_IMPORTS, str(DATA / "amyloid.csv"), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["report"]["columns"]["sequence"] == "x"
    assert answer["report"]["rows"] == 36


def test_a_binary_file_of_a_known_kind_is_kept_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "3f2a"
    path.write_bytes(b"\x93NUMPY\x01\x00" + bytes(100))
    assert report(path, name="embeddings.npy").kind == "file"
    with pytest.raises(DataError):
        report(path)
