"""From a request's body to sequences: whatever is sent is read, or refused with the index of what is wrong."""

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import AppError, TooLarge, Unprocessable
from app.serving.reading import checked, from_fasta, from_json
from proteinx.contracts.serving import SequenceIn, ServingSettings

LIMITS = ServingSettings()
RESIDUES = st.text(string.ascii_uppercase + "*", min_size=1, max_size=40)
NAMES = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=20)
RECORDS = st.lists(st.tuples(NAMES, RESIDUES), min_size=1, max_size=8, unique_by=lambda record: record[0])
quick = settings(deadline=None, max_examples=60, derandomize=True)


@quick
@given(RECORDS, st.integers(1, 50), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_fasta_and_json_say_the_same(records: list[tuple[str, str]], width: int, ending: str, small: bool) -> None:
    """However lines are broken, in any script, in small letters too."""
    lines = []
    for name, residues in records:
        lines.append(f">{name} a description")
        written = residues.lower() if small else residues
        lines += [written[start : start + width] for start in range(0, len(written), width)]
    sent = json.dumps({"sequences": [{"id": name, "sequence": residues} for name, residues in records]})
    read = checked(from_fasta(ending.join(lines) + ending), LIMITS)
    assert read == checked(from_json(sent.encode()), LIMITS)
    assert [(one.id, one.sequence) for one in read] == records


@quick
@given(st.lists(RESIDUES, min_size=1, max_size=6), st.data())
def test_a_bad_letter_is_named_by_sequence_and_position(sequences: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(sequences) - 1))
    place = data.draw(st.integers(0, len(sequences[index])))
    letter = data.draw(st.sampled_from("-.1?é中"))
    sequences[index] = sequences[index][:place] + letter + sequences[index][place:]
    with pytest.raises(Unprocessable) as caught:
        checked(from_json(json.dumps({"sequences": sequences}).encode()), LIMITS)
    assert (caught.value.code, caught.value.field) == ("illegal_residue", f"sequences.{index}.sequence")
    assert f"position {place + 1}:" in caught.value.detail


@quick
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (from_fasta, lambda sent: from_json(sent.encode("utf-8", "surrogatepass"))):
        try:
            found = checked(read(text), LIMITS)
        except AppError as error:
            assert error.status in (413, 422)
            assert error.detail
        else:
            assert found
            assert all(one.sequence and one.id for one in found)


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"sequences": []}, "nothing_to_predict", "sequences"),
        ({"sequences": ["MK", " \n"]}, "empty_sequence", "sequences.1.sequence"),
        (
            {"sequences": [{"id": "a", "sequence": "MK"}, {"id": "a", "sequence": "MV"}]},
            "duplicate_id",
            "sequences.1.id",
        ),
        ({"sequences": [{"id": "a", "sequence": "MK", "partner": "M-"}]}, "illegal_residue", "sequences.0.partner"),
        ({"sequences": [{"id": "", "sequence": "MK"}]}, "invalid_request", None),
        ({"sequences": [7]}, "invalid_request", None),
        ({"sequence": ["MK"]}, "invalid_request", "sequences"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(sent: object, code: str, field: str | None) -> None:
    with pytest.raises(Unprocessable) as caught:
        checked(from_json(json.dumps(sent).encode()), LIMITS)
    assert caught.value.code == code
    assert field is None or caught.value.field == field


def test_limits_are_inclusive() -> None:
    limits = ServingSettings(sequences=2, residues=5)
    assert len(checked([SequenceIn(id="a", sequence="MKV"), SequenceIn(id="b", sequence="MK")], limits)) == 2
    with pytest.raises(TooLarge, match="6 residues, the most is 5"):
        checked([SequenceIn(id="a", sequence="MKV"), SequenceIn(id="b", sequence="MK", partner="M")], limits)
    with pytest.raises(TooLarge, match="3 sequences, the most is 2"):
        checked([SequenceIn(id=name, sequence="M") for name in "abc"], limits)
