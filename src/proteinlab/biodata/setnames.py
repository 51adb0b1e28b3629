"""The sets of a split: as small numbers, and counted."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.blocks import SequenceBlock
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.findings import Finding, Marks, noted

MOST_SETS = 1000
Codes = npt.NDArray[np.int16]


class SetCodes:
    """Train is 0, val 1; every further name, test or the file's own (`test_hard`), is something tested on."""

    def __init__(self) -> None:
        self.names = ["train", "val", "test"]
        self._codes = {name: code for code, name in enumerate(self.names)}

    def encode(self, sets: Sequence[str | None] | None, rows: int) -> Codes:
        """Codes of a block's rows, -1 where the set is missing. Raises DataError too_many_sets."""
        if sets is None:
            return np.full(rows, -1, dtype=np.int16)
        for name in dict.fromkeys(sets):
            if name is not None and name not in self._codes:
                self._add(name)
        return np.array([-1 if name is None else self._codes[name] for name in sets], dtype=np.int16)

    def _add(self, name: str) -> None:
        if len(self.names) == MOST_SETS:
            detail = f"The set column has over {MOST_SETS:,} different words: it names no split."
            raise DataError("too_many_sets", detail)
        self._codes[name] = len(self.names)
        self.names.append(name)

    @staticmethod
    def is_train(codes: Codes) -> npt.NDArray[np.bool_]:
        flags: npt.NDArray[np.bool_] = codes == 0
        return flags

    @staticmethod
    def is_validation(codes: Codes) -> npt.NDArray[np.bool_]:
        flags: npt.NDArray[np.bool_] = codes == 1
        return flags

    @staticmethod
    def is_test(codes: Codes) -> npt.NDArray[np.bool_]:
        flags: npt.NDArray[np.bool_] = codes > 1
        return flags


class SetTally:
    """Adds up the rows of each set."""

    def __init__(self) -> None:
        self.codes = SetCodes()
        self._rows = np.zeros(MOST_SETS + 1, dtype=np.int64)  # the first place is for rows without a set
        self._missing = Marks()

    def add(self, block: SequenceBlock) -> Codes:
        try:
            codes = self.codes.encode(block.labels.sets, len(block))
        except DataError as error:
            raise error.at(int(block.lines[0])) from error
        counts = np.bincount(codes + 1)
        self._rows[: len(counts)] += counts
        self._missing.add(block.lines[codes < 0].tolist())
        return codes

    def counts(self) -> dict[str, int]:
        """Rows of each set; empty where the file has no sets."""
        rows = zip(self.codes.names, self._rows[1:].tolist(), strict=False)
        return {name: count for name, count in rows if count}

    def findings(self) -> list[Finding]:
        counts = self.counts()
        if not counts:
            return []
        found = self._missing.finding("set_missing", "warning", "{count} records belong to no set.")
        if "train" not in counts:
            detail = "No record is in the training set, only {sets}."
            found.append(noted("no_training_rows", "error", detail, 0, sets=_listed(counts)))
        if counts.keys() <= {"train", "val"}:
            detail = "No record is in a test set, only {sets}."
            found.append(noted("no_test_rows", "warning", detail, 0, sets=_listed(counts)))
        return found


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} ({count:,})" for name, count in counts.items())
