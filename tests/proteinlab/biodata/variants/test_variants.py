"""Tables of variants: read, checked at upload, made into sequences."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proteinlab.biodata.check import main
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.quality import report
from proteinlab.biodata.readers import read_records
from proteinlab.biodata.records import Columns
from proteinlab.biodata.residues import STANDARD
from proteinlab.biodata.variants.notation import Mutation, canonical, parse_variant
from proteinlab.biodata.variants.table import read_variants
from proteinlab.biodata.variants.wildtype import WildType, read_wild_type

DATA = Path(__file__).parents[3] / "data"
PAB1 = DATA / "pab1.csv"
WILD_TYPE = DATA / "pab1_wt.fasta"


def table(folder: Path, rows: list[str], header: str = "variant,score") -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("G126A", "G126A"),
        ("L5K, A1P", "A1P,L5K"),
        ("A1P:L5K", "A1P,L5K"),
        ("A1P/L5K;M7V", "A1P,L5K,M7V"),
        ("p.Gly126Ala", "G126A"),
        ("p.(Gly126Ter)", "G126*"),
        ("g126*", "G126*"),
        ("G126del", "G126-"),
        ("M-3V", "M-3V"),
        ("G126=", "WT"),
        ("G126G", "WT"),
        ("", "WT"),
        ("_wt", "WT"),
    ],
)
def test_notations(text: str, expected: str) -> None:
    assert canonical(parse_variant(text)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[(text, "bad_variant") for text in ("G126", "126A", "G126AA", "Z1A", "rs429358", "G126A_ins")],
        ("A1P,A1G", "duplicate_position"),
    ],
)
def test_what_is_no_variant(text: str, code: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_variant(text)
    assert caught.value.code == code


letters = st.sampled_from(STANDARD.decode())
sequences = st.text(letters, min_size=1, max_size=60)


@given(sequences, st.data(), st.integers(-50, 500))
def test_mutating_changes_exactly_what_is_said(sequence: str, data: st.DataObject, first: int) -> None:
    wanted = "".join(data.draw(letters) if data.draw(st.booleans()) else letter for letter in sequence)
    mutations = [
        Mutation(first + at, one, other)
        for at, (one, other) in enumerate(zip(sequence, wanted, strict=True))
        if one != other
    ]
    text = canonical(tuple(mutations))
    assert WildType(sequence, first).mutate(parse_variant(text)) == wanted


def test_pab1_variants_become_sequences() -> None:
    wild_type = read_wild_type(WILD_TYPE)
    assert wild_type.first == 126
    with PAB1.open() as text:
        rows = list(csv.DictReader(text))
    variants = list(read_variants(PAB1, wild_type))
    assert [variant.record.id for variant in variants] == [row["variant"] for row in rows]
    assert [variant.record.target for variant in variants] == [row["score"] for row in rows]
    assert {variant.record.set for variant in variants} == {"train", "val", "test"}
    for variant, row in zip(variants, rows, strict=True):
        expected = list(wild_type.sequence)
        for part in row["variant"].split(","):
            expected[int(part[1:-1]) - 126] = part[-1]
        assert variant.record.sequence == "".join(expected)
        assert len(variant.mutations) == int(row["num_mutations"])


def test_stop_codons_end_the_protein_if_asked() -> None:
    wild_type = read_wild_type(WILD_TYPE)
    kept = list(read_variants(PAB1, wild_type))
    cut = list(read_variants(PAB1, wild_type, stop="truncate"))
    with_stop = [at for at, variant in enumerate(kept) if "*" in variant.record.sequence]
    assert with_stop
    for at in with_stop:
        assert cut[at].record.sequence == kept[at].record.sequence.split("*")[0]
    with pytest.raises(DataError) as caught:
        list(read_variants(PAB1, wild_type, stop="refuse"))
    assert (caught.value.code, caught.value.line) == ("stop_codon", kept[with_stop[0]].record.line)


def test_a_wrong_wild_type_is_told_with_line_and_numbering(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="first residue were number 126") as caught:
        list(read_variants(PAB1, read_wild_type(WILD_TYPE, first=1)))
    assert (caught.value.code, caught.value.line) == ("position_outside", 2)
    path = table(tmp_path, ["G126A,1", "W127A,2"])
    with pytest.raises(DataError, match=r"W is at 127, the wild type has N there.*right wild type") as caught:
        list(read_variants(path, read_wild_type(WILD_TYPE)))
    assert (caught.value.code, caught.value.line) == ("wild_type_mismatch", 3)


def test_deletions_and_a_stop_in_the_first_place() -> None:
    wild_type = WildType("MKTAY")
    assert wild_type.mutate(parse_variant("K2del,A4G")) == "MTGY"
    with pytest.raises(DataError) as caught:
        wild_type.mutate(parse_variant("M1*"), stop="truncate")
    assert caught.value.code == "empty_sequence"


def test_the_wild_type_is_one_sequence(tmp_path: Path) -> None:
    path = tmp_path / "two.fasta"
    path.write_text(">a\nMK\n>b\nMR\n")
    with pytest.raises(DataError) as caught:
        read_wild_type(path)
    assert caught.value.code == "wild_type_not_one"


def test_upload_check_takes_variants(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(PAB1)]) == 0
    found = json.loads(capsys.readouterr().out)["report"]
    assert (found["kind"], found["rows"], found["lengths"]) == ("variants", 60, None)
    assert (found["columns"]["variant"], found["columns"]["target"]) == ("variant", "score")
    with PAB1.open() as text:
        counts = [row["num_mutations"] for row in csv.DictReader(text)]
    assert found["variants"]["mutations"] == {number: counts.count(number) for number in set(counts)}
    assert found["variants"]["stops"] == found["residues"]["*"]
    assert found["labels"]["kind"] == "numeric"
    assert {"stop_codon"} == {finding["code"] for finding in found["findings"]}


def test_upload_check_finds_what_is_wrong_with_variants(tmp_path: Path) -> None:
    rows = ["A1P,1.5,train", "L5K,2.5,train", '"L5K,A1P",0.5,train', '"A1P,L5K",0.7,test', "G5A,1.0,test"]
    rows += ["K2del,1.25,test"]
    result = report(table(tmp_path, rows, "mutant,score,set"))
    codes = {finding.code: finding for finding in result.findings}
    assert codes["train_test_overlap"].lines == [5]
    assert codes["conflicting_label"].lines == [5]
    assert codes["wild_type_contradiction"].lines == [6]
    assert "position 5 is both L and G" in codes["wild_type_contradiction"].detail
    with pytest.raises(DataError) as caught:
        report(table(tmp_path, ["A1P,1", "A1,2"]))
    assert (caught.value.code, caught.value.line) == ("bad_variant", 3)


def test_sequences_beside_variants_are_what_counts(tmp_path: Path) -> None:
    path = table(tmp_path, ["A1P,PKT,1"], "mutant,mutated_sequence,DMS_score")
    record = next(read_records(path))
    assert (record.id, record.sequence) == ("A1P", "PKT")
    unknown = table(tmp_path, ["A1P,MKTAYIAKQRQISFVKSHF,1"], "mutant,chain,DMS_score")
    with pytest.raises(DataError, match="'chain' holds what looks like sequences"):
        report(unknown)
    assert report(unknown, Columns(sequence=None, variant="mutant")).kind == "variants"


def test_training_on_variants_asks_for_preprocessing() -> None:
    with pytest.raises(DataError) as caught:
        next(read_records(PAB1))
    assert caught.value.code == "wild_type_needed"
