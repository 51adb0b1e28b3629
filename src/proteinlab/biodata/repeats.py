"""Records that say the same thing twice: sequences, ids, contradicting labels, leaked test rows."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.findings import Finding, Marks
from proteinlab.biodata.rowlog import RowLog, Rows
from proteinlab.biodata.setnames import SetCodes

Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Repeats:
    """What equal sequences reveal; each marks the later records, or the test ones."""

    duplicates: Marks = field(default_factory=Marks)
    conflicts: Marks = field(default_factory=Marks)
    test_overlap: Marks = field(default_factory=Marks)
    validation_overlap: Marks = field(default_factory=Marks)

    def findings(self) -> list[Finding]:
        return [
            *self.test_overlap.finding(
                "train_test_overlap",
                "error",
                "{count} test sequences stand in the training set too: scores on them measure memory.",
            ),
            *self.validation_overlap.finding(
                "train_validation_overlap",
                "warning",
                "{count} validation sequences stand in the training set too: early stopping comes too late.",
            ),
            *self.conflicts.finding(
                "conflicting_label",
                "warning",
                "{count} records repeat an earlier sequence with another label: average them or choose one.",
            ),
            *self.duplicates.finding(
                "duplicate_sequence", "warning", "{count} records repeat the sequence of an earlier one."
            ),
        ]


def find_repeats(log: RowLog, sets: SetCodes) -> Repeats:
    found = Repeats()
    for groups in log.repeated("sequence"):
        _add(found, groups, sets)
    return found


@dataclass(slots=True)
class RepeatedIds:
    """Records whose id an earlier record has; `origins` has the line of that one for each marked line."""

    marks: Marks = field(default_factory=Marks)
    origins: dict[int, int] = field(default_factory=dict)


def find_repeated_ids(log: RowLog) -> RepeatedIds:
    found = RepeatedIds()
    for groups in log.repeated("id"):
        first = _starts(groups["id"])
        lines = groups["line"]
        origins = lines[np.flatnonzero(first)[np.cumsum(first) - 1]]
        found.marks.add(lines[~first].tolist())
        wanted = np.isin(lines, found.marks.lines) & ~first
        found.origins |= dict(zip(lines[wanted].tolist(), origins[wanted].tolist(), strict=True))
    return found


def _starts(sorted_keys: npt.NDArray[np.int64]) -> Flags:
    """True where a new group begins."""
    return np.concatenate((np.ones(1, dtype=np.bool_), sorted_keys[1:] != sorted_keys[:-1]))


def _add(found: Repeats, groups: Rows, sets: SetCodes) -> None:
    first = _starts(groups["sequence"])
    begins = np.flatnonzero(first)
    group = np.cumsum(first) - 1

    def anywhere(flags: Flags) -> Flags:
        """Spread to the whole group what is true of one of its rows."""
        spread: Flags = np.logical_or.reduceat(flags, begins)[group]
        return spread

    lines, labels = groups["line"], groups["label"]
    found.duplicates.add(lines[~first].tolist())
    reference = _first_label(labels, begins)[group]
    found.conflicts.add(lines[(labels != 0) & (labels != reference)].tolist())
    in_train = anywhere(sets.is_train(groups["set"]))
    found.test_overlap.add(lines[in_train & sets.is_test(groups["set"])].tolist())
    found.validation_overlap.add(lines[in_train & sets.is_validation(groups["set"])].tolist())


def _first_label(labels: npt.NDArray[np.int64], begins: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The first label of each group that is not missing (0); any where all of them are."""
    places = np.where(labels != 0, np.arange(len(labels)), len(labels) - 1)
    first: npt.NDArray[np.int64] = labels[np.minimum.reduceat(places, begins)]
    return first
