"""What `px bench flip` trains on and how it judges; the training itself takes minutes."""

from pathlib import Path

import pytest

from benchmarks import flip, flip_search


def result(mean: float) -> dict[str, object]:
    return {"test": {"spearman": {"mean": mean, "sd": 0.01, "low": mean - 0.02, "high": mean + 0.02}}}


def test_every_split_of_the_example_is_trained_on() -> None:
    assert [flip.split_name(file) for file in flip.data_files(flip.GB1)] == ["three_vs_rest", "two_vs_rest"]


def test_other_files_are_named_or_found_in_a_folder(tmp_path: Path) -> None:
    for name in ("aav.csv", "meltome.tsv.gz", "README.md"):
        (tmp_path / name).touch()
    assert [file.name for file in flip.data_files(tmp_path)] == ["aav.csv", "meltome.tsv.gz"]
    assert flip.data_files(tmp_path / "aav.csv") == [tmp_path / "aav.csv"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="neither a data file nor a folder"):
        flip.data_files(tmp_path / "empty")


def test_a_split_is_judged_by_its_own_published_score() -> None:
    reached, missed = (flip.figure(Path("low_vs_high.csv.gz"), result(mean)) for mean in (0.52, 0.50))
    assert (reached.target, reached.reached, missed.reached) == ("at least 0.51", True, False)
    assert flip.figure(Path("aav.csv"), result(0.5)).reached is None, "nothing published to compare with"


def test_the_search_uses_no_row_twice_and_shifts_as_it_says() -> None:
    tasks = {name: (known, held_out) for name, known, held_out in flip_search.tasks()}
    for known, held_out in tasks.values():
        assert not {row["sequence"] for row in known} & {row["sequence"] for row in held_out}
        assert len(known) <= flip_search.MOST_ROWS
    known, held_out = tasks["two mutations to three"]
    assert max(flip_search.mutations(row) for row in known) == 2
    assert {flip_search.mutations(row) for row in held_out} == {3}
    known, held_out = tasks["low fitness to less low"]
    assert max(float(row["target"]) for row in known) <= min(float(row["target"]) for row in held_out) <= 1.0
