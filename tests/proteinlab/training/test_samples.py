"""Bad input: each kind gets its code and, where there is one, its line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import DictConfig

from proteinlab.biodata.errors import DataError
from proteinlab.training.building import build
from proteinlab.training.engine import train
from proteinlab.training.errors import UserError
from proteinlab.training.samples import Samples

Rows = list[dict[str, str]]
WriteCsv = Callable[[Rows], Path]
Compose = Callable[..., DictConfig]


def test_sets_are_those_of_the_file(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    samples: Samples = build(configured(f"data.path={write_csv(gb1_rows)}").data)
    wanted = ["val" if row["validation"] == "True" else row["set"] for row in gb1_rows]
    assert list(samples.splits) == wanted
    assert set(wanted) == {"train", "val", "test"}


def test_missing_sets_are_drawn_the_same_whatever_the_seed(
    configured: Compose, write_csv: WriteCsv, gb1_rows: Rows
) -> None:
    path = write_csv([{"sequence": row["sequence"], "target": row["target"]} for row in gb1_rows])
    first: Samples = build(configured(f"data.path={path}", "seed=1").data)
    second: Samples = build(configured(f"data.path={path}", "seed=2").data)
    assert first.splits == second.splits
    assert first.counts() == {"train": 524, "val": 58, "test": 146}
    assert "random" in first.split_source


def test_a_region_is_a_stated_crop(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    path = write_csv(gb1_rows)
    samples: Samples = build(configured(f"data.path={path}", "data.region.first=3", "data.region.last=10").data)
    assert {len(tokens) for tokens in samples.tokens} == {8}


@pytest.mark.parametrize(
    ("change", "overrides", "code", "line"),
    [
        ({"target": ""}, [], "missing_target", 4),
        ({"target": "nan"}, [], "bad_target", 4),
        ({"target": "high"}, [], "bad_target", 4),
        ({"set": "holdout"}, [], "unknown_set", 4),
        ({}, ["data.max_length=50"], "sequence_too_long", 2),
        ({}, ["data.region.first=100"], "empty_sequence", 2),
        ({}, ["data.region.first=9", "data.region.last=8"], "bad_region", None),
        ({"sequence": "MQ-YK"}, [], "illegal_residue", 4),
        ({}, ["task.loss=mes"], "unknown_loss", None),
    ],
)
def test_one_bad_row_or_setting(
    change: dict[str, str],
    overrides: list[str],
    code: str,
    line: int | None,
    configured: Compose,
    write_csv: WriteCsv,
    gb1_rows: Rows,
) -> None:
    gb1_rows[2] |= change
    config = configured(f"data.path={write_csv(gb1_rows)}", *overrides)
    with pytest.raises((UserError, DataError)) as caught:
        train(config)
    assert (caught.value.code, caught.value.line) == (code, line)


def test_a_row_in_no_set(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    rows = [{name: row[name] for name in ("sequence", "target", "set")} for row in gb1_rows]
    rows[2]["set"] = ""
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={write_csv(rows)}"))
    assert (caught.value.code, caught.value.line) == ("missing_set", 4)


def test_a_missing_column_names_the_nearest(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    config = configured(f"data.path={write_csv(gb1_rows)}", "data.columns.target=targt")
    with pytest.raises(DataError, match="'target'") as caught:
        train(config)
    assert caught.value.code == "missing_column"


def test_nothing_to_test_on(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    path = write_csv([row | {"set": "train"} for row in gb1_rows])
    with pytest.raises(UserError, match="0 test") as caught:
        train(configured(f"data.path={path}"))
    assert caught.value.code == "empty_test_set"


def test_one_class_only(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    path = write_csv([row | {"target": "folded"} for row in gb1_rows])
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={path}", "task=classification"))
    assert caught.value.code == "one_class"


def test_a_class_never_trained_on(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    rows = [row | {"target": str(number % 2)} for number, row in enumerate(gb1_rows)]
    odd = next(number for number, row in enumerate(rows) if row["set"] == "test")
    rows[odd]["target"] = "2"
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={write_csv(rows)}", "task=classification"))
    assert (caught.value.code, caught.value.line) == ("unseen_class", odd + 2)


def test_numbers_are_not_classes(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={write_csv(gb1_rows)}", "task=classification"))
    assert caught.value.code == "too_many_classes"


def test_a_constant_target(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    path = write_csv([row | {"target": "1.5"} for row in gb1_rows])
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={path}"))
    assert caught.value.code == "constant_target"


def test_no_file(configured: Compose) -> None:
    with pytest.raises(UserError) as caught:
        train(configured("data.path=/nowhere/data.csv"))
    assert caught.value.code == "no_such_file"


def test_an_exact_model_of_the_other_task(configured: Compose, write_csv: WriteCsv, gb1_rows: Rows) -> None:
    with pytest.raises(UserError) as caught:
        train(configured(f"data.path={write_csv(gb1_rows)}", "model=logistic"))
    assert caught.value.code == "wrong_task"
