"""The report finds what is wrong in real data, and says on which lines."""

import csv
import gzip
import statistics
from collections import Counter
from pathlib import Path

import pytest

from proteinlab.biodata import rowlog, survey
from proteinlab.biodata.alignment.files import read_alignment
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.findings import Finding
from proteinlab.biodata.quality import QualityReport, report
from proteinlab.biodata.rowlog import RowLog
from proteinlab.biodata.structures.reading import read_structure

DATA = Path(__file__).parents[2] / "data"


def table(folder: Path, rows: list[str], header: str = "sequence,target,set") -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def finding(result: QualityReport, code: str) -> Finding:
    (found,) = [one for one in result.findings if one.code == code]
    return found


def codes(result: QualityReport) -> set[str]:
    return {one.code for one in result.findings}


def test_counts_lengths_and_residues_agree_with_a_plain_count() -> None:
    with (DATA / "secondary_structure.csv").open() as text:
        rows = list(csv.DictReader(text))
    lengths = [len(row["sequence"]) for row in rows]
    result = report(DATA / "secondary_structure.csv")
    assert result.rows == len(rows)
    assert result.residues == Counter("".join(row["sequence"] for row in rows))
    assert result.lengths is not None
    assert (result.lengths.min, result.lengths.max) == (min(lengths), max(lengths))
    assert result.lengths.mean == pytest.approx(statistics.mean(lengths), abs=0.01)
    assert result.lengths.median == sorted(lengths)[(len(lengths) - 1) // 2]
    assert sum(part.count for part in result.lengths.histogram) == len(rows)
    assert result.labels is not None
    assert result.labels.kind == "residue_classes"
    assert result.labels.classes == Counter("".join(row["label"] for row in rows))


def test_digits_per_residue_are_classes_not_numbers() -> None:
    labels = report(DATA / "conservation.csv").labels
    assert labels is not None
    assert labels.kind == "residue_classes"
    assert set(labels.classes) <= set("123456789")


def test_gb1_is_clean_and_numeric() -> None:
    result = report(DATA / "gb1_three_vs_rest.csv")
    assert result.findings == []
    assert result.sets == {"train": 20, "val": 5, "test": 15}
    assert result.labels is not None
    assert result.labels.kind == "numeric"
    assert result.labels.numbers is not None
    assert result.labels.numbers.max == pytest.approx(
        max(float(line.split(",")[1]) for line in (DATA / "gb1_three_vs_rest.csv").read_text().split()[1:])
    )


def test_zero_and_one_are_classes() -> None:
    labels = report(DATA / "acp.csv").labels
    assert labels is not None
    assert (labels.kind, labels.classes) == ("classes", {"0": 20, "1": 20})


def test_meltome_repeats_and_contradictions() -> None:
    with (DATA / "meltome_full_task.csv").open() as text:
        rows = list(csv.DictReader(text))
    first: dict[str, str] = {}
    repeats, conflicts = [], []
    for line, row in enumerate(rows, 2):
        if row["sequence"] in first:
            repeats.append(line)
            if row["target"] != first[row["sequence"]]:
                conflicts.append(line)
        first.setdefault(row["sequence"], row["target"])
    assert conflicts
    result = report(DATA / "meltome_full_task.csv")
    assert finding(result, "duplicate_sequence").lines == repeats[:20]
    assert finding(result, "conflicting_label").lines == conflicts[:20]
    assert finding(result, "conflicting_label").count == len(conflicts)
    assert finding(result, "no_test_rows").severity == "warning"


def test_the_same_number_written_otherwise_is_no_contradiction(tmp_path: Path) -> None:
    result = report(table(tmp_path, ["MKT,1.50,train", "MKT,1.5,train", "MKA,2,test"]))
    assert codes(result) == {"duplicate_sequence"}


def test_leaked_sequences_are_an_error(tmp_path: Path) -> None:
    rows = ["MKT,1,train", "mkt,1,test", "MKA,2,val", "MKA,2,train", "MKC,3,test"]
    result = report(table(tmp_path, rows))
    assert finding(result, "train_test_overlap").severity == "error"
    assert finding(result, "train_test_overlap").lines == [3]
    assert finding(result, "train_validation_overlap").lines == [4]
    assert result.findings[0].severity == "error"


def test_sentinel_among_small_values(tmp_path: Path) -> None:
    rows = [f"MK{'A' * n},{n * 0.2:.1f},train" for n in range(100)] + ["MC,999.0,train", "MD,999.0,test"]
    result = report(table(tmp_path, rows))
    found = finding(result, "sentinel_label")
    assert (found.count, found.lines) == (2, [102, 103])
    assert "999" in found.detail
    assert result.labels is not None
    assert result.labels.numbers is not None
    assert result.labels.numbers.histogram[-1].stop == pytest.approx(19.8)


def test_outlier_that_is_no_code(tmp_path: Path) -> None:
    rows = [f"MK{'A' * n},{n * 0.2:.1f},train" for n in range(100)] + ["MC,-431.7,test"]
    assert finding(report(table(tmp_path, rows)), "outlier_label").lines == [102]


def test_a_heavy_tail_is_no_outlier(tmp_path: Path) -> None:
    rows = [f"MK{'A' * n},{1.1**n:.4f},{'train' if n % 2 else 'test'}" for n in range(1, 101)]
    assert codes(report(table(tmp_path, rows))) == set()


def test_words_among_numbers_and_missing_labels(tmp_path: Path) -> None:
    rows = [f"MK{'A' * n},{n}.5,train" for n in range(30)] + ["MC,high,train", "MD,,train", "ME,NaN,test"]
    result = report(table(tmp_path, rows))
    assert finding(result, "target_not_a_number").lines == [32]
    assert finding(result, "target_missing").lines == [33, 34]
    assert result.labels is not None
    assert (result.labels.kind, result.labels.present, result.labels.missing) == ("numeric", 31, 2)


def test_classes_never_trained_and_one_class(tmp_path: Path) -> None:
    rows = ["MK,Nucleus,train", "MC,Membrane,train", "MD,Golgi,test", "ME,Golgi,val", "MF,Nucleus,test"]
    found = finding(report(table(tmp_path, rows)), "unseen_class")
    assert found.count == 2
    assert "'Golgi' 2" in found.detail
    single = report(table(tmp_path, ["MK,Nucleus,train", "MC,Nucleus,test"]))
    assert finding(single, "single_class").severity == "error"


def test_label_or_mask_of_another_length(tmp_path: Path) -> None:
    rows = [f"MKTA{last},HHCCH,train,11111" for last in "YCDEFG"]
    rows += ["MKTAW,HHC,test,111", "MKTAR,HHHCC,test,1121x"]
    result = report(table(tmp_path, rows, "sequence,target,set,mask"))
    assert finding(result, "label_length").lines == [8]
    assert finding(result, "mask_length").lines == [8]
    assert finding(result, "mask_letters").lines == [9]


def test_dna_and_odd_letters(tmp_path: Path) -> None:
    path = tmp_path / "x.fasta"
    path.write_text(
        ">protein\nMKTAYIAKQRQISFVKSHFSRQ\n>dna\nATGAAAACCGCATATATTGCGAAACAG\n>polya\nAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
        ">short\nACGT\n>odd\nMKXUUB*\n"
    )
    result = report(path)
    assert (finding(result, "dna_sequence").severity, finding(result, "dna_sequence").lines) == (
        "warning",
        [3],
    )
    assert finding(result, "non_standard_residue").lines == [9]
    assert "B 1, U 2, X 1, * 1" in finding(result, "non_standard_residue").detail


def test_ids_of_a_table_may_repeat_but_are_named(tmp_path: Path) -> None:
    result = report(table(tmp_path, ["a,MK", "b,MR", "a,ML"], "id,sequence"))
    assert finding(result, "duplicate_id").lines == [4]


def test_a_set_of_its_own_name_is_tested_on(tmp_path: Path) -> None:
    result = report(table(tmp_path, ["MK,1,train", "MK,1,test_hard", "MR,1.5,pred", "MA,2.5,test_hard"]))
    assert list(result.sets.items()) == [("train", 1), ("test_hard", 2), ("pred", 1)]
    assert finding(result, "train_test_overlap").lines == [3]


def test_split_without_training_rows(tmp_path: Path) -> None:
    result = report(table(tmp_path, ["MK,1,test", "MR,2,"]))
    assert finding(result, "no_training_rows").severity == "error"
    assert finding(result, "set_missing").lines == [3]


ALIGNMENTS = ("globins45.ali.gz", "pfam1.seed.txt.gz", "protein.aln.gz", "W_prot.msf.gz", "msaprobs.a2m.gz")


@pytest.mark.parametrize("name", ALIGNMENTS)
def test_an_alignment_is_counted_as_it_is_read(name: str) -> None:
    rows = read_alignment(DATA / name).rows
    result = report(DATA / name)
    assert (result.kind, result.rows) == ("alignment", len(rows))
    assert result.lengths is not None
    assert result.lengths.min == result.lengths.max == len(rows[0])
    letters = Counter("".join(rows))
    assert {letter: count for letter, count in result.residues.items() if letter not in "-."} == {
        letter: count for letter, count in letters.items() if letter != "-"
    }
    repeats = len(rows) - len(set(rows))
    assert sum(one.count for one in result.findings if one.code == "duplicate_sequence") == repeats


def test_rows_of_an_alignment_that_repeat_are_named_by_line() -> None:
    assert finding(report(DATA / "protein.aln.gz"), "duplicate_sequence").lines == [8, 22]


STRUCTURES = ("1A8O.pdb.gz", "1A8O.cif.gz", "1GBT.cif.gz", "1LCD.pdb.gz", "2BEG.pdb.gz", "2OFG.cif.gz", "3JQH.cif.gz")


@pytest.mark.parametrize("name", [*STRUCTURES, "4ZHL.cif.gz"])
def test_a_structure_is_counted_as_it_is_parsed(name: str) -> None:
    read, result = read_structure(DATA / name), report(DATA / name)
    assert result.structure is not None
    assert result.structure.chains == {chain.name: len(chain) for chain in read.chains}
    assert result.structure.models == read.models
    assert result.structure.insertion_codes == read.insertion_codes
    assert result.structure.alternatives == read.alternatives
    assert result.rows == len(read.chains)
    assert result.residues == Counter("".join(chain.sequence for chain in read.chains))


def test_findings_on_structures_say_on_which_lines() -> None:
    with gzip.open(DATA / "4ZHL.cif.gz", "rt") as text:
        lines = dict(enumerate(text, 1))
    found = finding(report(DATA / "4ZHL.cif.gz"), "insertion_code")
    assert found.count == 19
    assert {lines[line].split()[9] for line in found.lines} <= set("ABCDEFGH")
    assert finding(report(DATA / "2OFG.cif.gz"), "several_models").count == 3


def test_a_structure_of_dna_alone_is_an_error(tmp_path: Path) -> None:
    with gzip.open(DATA / "1LCD.pdb.gz", "rt") as text:
        lines = [line for line in text if not (line.startswith(("ATOM", "HETATM", "TER")) and line[21] == "A")]
    path = tmp_path / "dna.pdb"
    path.write_text("".join(lines))
    result = report(path)
    assert finding(result, "no_protein_chain").severity == "error"
    assert "DA 6" in finding(result, "no_protein_chain").detail
    assert (result.rows, result.lengths) == (0, None)


MMCIF = """data_X
loop_
_atom_site.group_PDB
_atom_site.label_atom_id
_atom_site.label_comp_id
_atom_site.auth_asym_id
_atom_site.auth_seq_id
ATOM N GLY A 1
ATOM CA GLY A 1
ATOM "C" GLY
A 1
HETATM 'O5'' 'A B' B 2
"""


def test_mmcif_values_in_quotes_and_rows_on_two_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.cif"
    path.write_text(MMCIF)
    result = report(path)
    assert result.structure is not None
    assert (result.structure.chains, result.structure.others) == ({"A": 1}, {"A B": 1})
    path.write_text(f"{MMCIF}ATOM CA GLY A 3 4\n")
    with pytest.raises(DataError) as caught:
        report(path)
    assert (caught.value.code, caught.value.line) == ("bad_structure", 13)


def test_repeats_are_found_on_disk_as_in_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with gzip.open(DATA / "chloroplast.faa.gz", "rt") as text:
        once = text.read()
    path = tmp_path / "many.fasta"
    path.write_text("".join(once.replace(">", f">copy{number}_") for number in range(200)))
    expected = report(path)
    used: list[RowLog] = []

    def small_log() -> RowLog:
        used.append(RowLog(memory_rows=1000))
        return used[-1]

    monkeypatch.setattr(survey, "RowLog", small_log)
    assert report(path) == expected
    assert used[0].rows == 200 * 85 > 10 * 1000
    assert finding(expected, "duplicate_sequence").count == 200 * 85 - len(set(sequences(once)))
    assert rowlog.MEMORY_ROWS > 1000


def sequences(text: str) -> list[str]:
    return ["".join(part.split("\n")[1:]) for part in text.split(">")[1:]]


def test_report_is_plain_json(tmp_path: Path) -> None:
    import json

    for path in sorted(DATA.glob("*.csv")):
        if path.name != "amyloid.csv":
            text = json.dumps(report(path).to_dict(), allow_nan=False)
            assert json.loads(text)["rows"] > 0
