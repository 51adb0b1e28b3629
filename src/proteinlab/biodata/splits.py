"""Dividing records into train, val and test, so that whole groups stay together; the same seed, the same split."""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.residues import IntArray

SetName = Literal["train", "val", "test"]
SETS: tuple[SetName, ...] = get_args(SetName)


@dataclass(frozen=True, slots=True)
class Fractions:
    """Shares of all records; training has the rest. Raises DataError bad_fractions."""

    val: float = 0.1
    test: float = 0.2

    def __post_init__(self) -> None:
        if not (0 <= self.val < 1 and 0 <= self.test < 1 and self.val + self.test < 1):
            detail = f"val {self.val:g} and test {self.test:g} must be from 0 to 1 and leave something to train on."
            raise DataError("bad_fractions", detail)


def random_split(records: int, fractions: Fractions, seed: int) -> list[SetName]:
    """Each record by itself."""
    return group_split(range(records), fractions, seed)


def group_split(groups: Sequence[Hashable], fractions: Fractions, seed: int) -> list[SetName]:
    """Records of one group (a cluster, a species) in one set.

    Groups are drawn in random order; each goes to the set, of those it fits into, that lacks most of its
    share; what fits nowhere else is for training. So a large family is trained on, and test sets are made of
    many small ones. Raises DataError too_few_groups where a set that should have records gets none.
    """
    numbers, members = _numbered(groups)
    room = {"test": fractions.test * len(groups), "val": fractions.val * len(groups)}
    sizes = np.bincount(numbers, minlength=members)
    chosen: list[SetName] = ["train"] * members
    for group in np.random.default_rng(seed).permutation(members).tolist():
        name = max(room, key=lambda one: room[one])
        if sizes[group] <= room[name] + 0.5:
            chosen[group] = "test" if name == "test" else "val"
            room[name] -= sizes[group]
    sets = [chosen[number] for number in numbers.tolist()]
    _check_filled(sets, fractions, members, int(sizes.max(initial=0)))
    return sets


def column_split(values: Sequence[str], sets: Mapping[str, SetName], fractions: Fractions, seed: int) -> list[SetName]:
    """By the values of a column: those named in `sets` go there, the others are split as groups.

    Raises DataError: unknown_value for a named value that no record has, unknown_set, too_few_groups.
    """
    missing = [value for value in sets if value not in set(values)]
    if missing:
        known = ", ".join(f"'{value}'" for value in sorted(set(values))[:20])
        raise DataError("unknown_value", f"No record has '{missing[0]}' in the column. It has: {known}.")
    for value, name in sets.items():
        if name not in SETS:
            raise DataError("unknown_set", f"'{name}' for '{value}' is not train, val or test.")
    if set(sets.values()) == {"test"}:  # held out by name: the rest is to train and validate on
        fractions = Fractions(val=fractions.val, test=0)
    rest = [row for row, value in enumerate(values) if value not in sets]
    drawn = group_split([values[row] for row in rest], fractions, seed) if rest else []
    given = dict(zip(rest, drawn, strict=True))
    return [given[row] if row in given else sets[value] for row, value in enumerate(values)]


def mutation_split(counts: Sequence[int], most_in_training: int, fractions: Fractions, seed: int) -> list[SetName]:
    """Variants with at most `most_in_training` mutations train, a share of them validates; all others test.

    As FLIP's one_vs_rest, two_vs_rest, three_vs_rest (Dallago et al. 2021). Raises DataError too_few_groups.
    """
    few = [row for row, count in enumerate(counts) if count <= most_in_training]
    if not few or len(few) == len(counts):
        raise DataError(
            "too_few_groups",
            f"Variants have {min(counts, default=0)} to {max(counts, default=0)} mutations: splitting at "
            f"{most_in_training} leaves nothing to {'test on' if few else 'train on'}.",
        )
    drawn = dict(zip(few, random_split(len(few), Fractions(val=fractions.val, test=0), seed), strict=True))
    return [drawn.get(row, "test") for row in range(len(counts))]


def split_id(sequences: Sequence[str], sets: Sequence[str | None]) -> str:
    """A name for a split by content: 16 hexadecimal digits of the sha256 over the sorted (sequence, set) pairs.

    Neither the order of records nor labels, ids and line ends change it.
    """
    total = hashlib.sha256()
    for line in sorted(f"{sequence} {name or ''}\n" for sequence, name in zip(sequences, sets, strict=True)):
        total.update(line.encode())
    return total.hexdigest()[:16]


def _numbered(groups: Sequence[Hashable]) -> tuple[IntArray, int]:
    """Groups as numbers in the order in which they first appear, and how many there are."""
    number: dict[Hashable, int] = {}
    numbers = [number.setdefault(group, len(number)) for group in groups]
    return np.array(numbers, dtype=np.int64), len(number)


def _check_filled(sets: Sequence[SetName], fractions: Fractions, groups: int, largest: int) -> None:
    wanted = {"train": 1.0, "val": fractions.val, "test": fractions.test}
    for name in SETS:
        if wanted[name] and name not in sets:
            raise DataError(
                "too_few_groups",
                f"No record is left for {name}: {len(sets):,} records are in {groups:,} groups, the largest "
                f"with {largest:,}. Lower its share, or split otherwise.",
            )
