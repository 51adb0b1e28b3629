"""Which sequence serves for what."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Literal, get_args

from proteinlab.biodata.records import Record
from proteinlab.training.errors import UserError

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)


def split_records(
    records: Sequence[Record], val_fraction: float, test_fraction: float, seed: int
) -> tuple[list[Split], str]:
    """The split of each record, and in words where it comes from.

    What the file says stands. A missing test set is drawn at random only where the file names no sets at
    all; a missing validation set is drawn from the training rows. Both depend on `seed` alone, so every
    run, whatever its own seed, is judged on the same rows.
    Raises UserError: unknown_set, empty_test_set, empty_training_set.
    """
    given = [_known(record) for record in records]
    generator = random.Random(seed)  # noqa: S311 - a reproducible draw, not a secret
    source = ["given by the file"]
    if not any(given):
        given = ["train"] * len(records)
        _draw(given, "test", test_fraction, generator)
        source = [f"random test {test_fraction:g}"]
    if "val" not in given:
        _draw(given, "val", val_fraction, generator)
        source.append(f"random validation {val_fraction:g}")
    splits = [_assigned(record, mine) for record, mine in zip(records, given, strict=True)]
    _check_sizes(splits)
    return splits, ", ".join(source)


def _known(record: Record) -> Split | None:
    match record.set:
        case None | "train" | "val" | "test":
            return record.set
        case other:
            raise UserError(
                "unknown_set",
                f"'{record.id}' is in the set '{other}': only train, val and test are known. "
                "Name another column by data.columns.set.",
                record.line or None,
            )


def _draw(given: list[Split | None], split: Split, fraction: float, generator: random.Random) -> None:
    pool = [index for index, mine in enumerate(given) if mine == "train"]
    for index in generator.sample(pool, round(fraction * len(pool))):
        given[index] = split


def _assigned(record: Record, split: Split | None) -> Split:
    if split is None:
        raise UserError(
            "missing_set",
            f"'{record.id}' is in no set though other rows are: write train, val or test.",
            record.line or None,
        )
    return split


def _check_sizes(splits: Sequence[Split]) -> None:
    counts = Counter(splits)
    shown = ", ".join(f"{counts[split]} {split}" for split in SPLITS)
    if not counts["test"]:
        raise UserError(
            "empty_test_set",
            f"There is nothing to test on ({shown}): mark rows as test in the set column, or leave the "
            "column out and set data.test_fraction.",
        )
    if counts["train"] < 2 or not counts["val"]:
        raise UserError(
            "empty_training_set",
            f"Training needs at least 2 training rows and 1 for validation ({shown}): add rows or change "
            "data.val_fraction.",
        )
