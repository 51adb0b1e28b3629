from pathlib import Path

from proteinx.client.prediction import file_named


def test_a_file_is_told_from_a_sequence_however_long(tmp_path: Path) -> None:
    fasta = tmp_path / "新 序列.fasta"
    fasta.write_text(">a\nMK\n")
    assert file_named(str(fasta)) == fasta
    for sequence in ("MKV", "M" * 300, "M" * 5000, "MK\0V"):
        assert file_named(sequence) is None
