"""The labels of a file: what kind they are, how they are spread, and which of them to distrust."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.blocks import SequenceBlock
from proteinlab.biodata.findings import Finding, Marks, noted
from proteinlab.biodata.numbers import NumberProfile, profile_numbers
from proteinlab.biodata.rowlog import RowLog
from proteinlab.biodata.setnames import SetCodes

LabelKind = Literal["numeric", "classes", "residue_classes"]
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "?"})
MOST_CLASSES = 10_000
CLASSES_SHOWN = 50
# Whole numbers are classes when few and often repeated: 0/1, or 0 to 9.
MOST_NUMBERED_CLASSES = 20
ROWS_PER_CLASS = 10
MOSTLY = 0.8
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelProfile:
    """`kind` is a guess from the values; a task's own setting stands above it."""

    kind: LabelKind
    present: int
    missing: int
    numbers: NumberProfile | None = None
    classes: dict[str, int] = field(default_factory=dict)  # the fifty most frequent
    distinct_classes: int = 0


class LabelTally:
    """Adds up blocks. Memory grows with the number of different classes, up to 10,000."""

    def __init__(self, sets: SetCodes) -> None:
        self._sets = sets
        self._missing, self._not_numbers, self._wrong_length = Marks(), Marks(), Marks()
        self._present = 0
        self._rows = 0
        self._classes: Counter[tuple[str, int]] = Counter()
        self._letters: Counter[tuple[str, int]] = Counter()
        self._too_many = False

    def add(self, block: SequenceBlock, set_codes: npt.NDArray[np.int16]) -> tuple[npt.NDArray[np.int64], Floats]:
        """Count a block's labels. Returns each row's hash of the label (0: missing) and its number or NaN."""
        self._rows += len(block)
        if block.labels.targets is None:
            self._missing.add(block.lines.tolist())
            return np.zeros(len(block), dtype=np.int64), np.full(len(block), np.nan)
        labels = [None if text is None or text.casefold() in MISSING else text for text in block.labels.targets]
        numbers = [math.nan if text is None else _number(text) for text in labels]
        values = np.array(numbers, dtype=np.float64)
        hashes = [_key(text, value) for text, value in zip(labels, numbers, strict=True)]
        present = np.array([text is not None for text in labels], dtype=np.bool_)
        self._present += int(present.sum())
        self._missing.add(block.lines[~present].tolist())
        self._not_numbers.add(block.lines[present & np.isnan(values)].tolist())
        self._count_classes(labels, block, set_codes.tolist())
        return np.array(hashes, dtype=np.int64), values

    def profile(self, log: RowLog) -> tuple[LabelProfile | None, list[Finding]]:
        """None where the file has no labels at all."""
        if not self._present:
            return None, []
        kind = self._kind()
        if kind == "numeric":
            numbers, findings = profile_numbers(log)
            bad = "{count} labels are not numbers, where most are: mend or remove them."
            findings = [*self._not_numbers.finding("target_not_a_number", "warning", bad), *findings]
            result = LabelProfile(kind, self._present, self._rows - self._present, numbers)
        else:
            counts = self._letters if kind == "residue_classes" else self._classes
            result, findings = self._class_profile(kind, counts)
        return result, [*self._missing_findings(), *findings]

    def _count_classes(self, labels: Sequence[str | None], block: SequenceBlock, codes: list[int]) -> None:
        lengths, lines = block.lengths.tolist(), block.lines.tolist()
        wrong = [
            line
            for text, length, line in zip(labels, lengths, lines, strict=True)
            if text is not None and len(text) != length
        ]
        self._wrong_length.add(wrong)
        if not self._too_many:
            self._classes.update((text, code) for text, code in zip(labels, codes, strict=True) if text)
            self._too_many = len(self._classes) > MOST_CLASSES
        if self._present > 2 * self._wrong_length.count:
            for code in set(codes):
                joined = "".join(t for t, c in zip(labels, codes, strict=True) if t and c == code)
                self._letters.update({(letter, code): joined.count(letter) for letter in set(joined)})

    def _kind(self) -> LabelKind:
        if self._wrong_length.count <= (1 - MOSTLY) * self._present and self._mean_label_is_long():
            return "residue_classes"
        numeric = self._present - self._not_numbers.count
        if numeric < MOSTLY * self._present:
            return "classes"
        texts = {text for text, _ in self._classes}
        few = len(texts) <= MOST_NUMBERED_CLASSES and len(texts) * ROWS_PER_CLASS <= self._present
        whole = not self._too_many and all(_number(text).is_integer() for text in texts)
        return "classes" if few and whole else "numeric"

    def _mean_label_is_long(self) -> bool:
        return sum(self._letters.values()) > 2 * self._present

    def _class_profile(self, kind: LabelKind, counts: Counter[tuple[str, int]]) -> tuple[LabelProfile, list[Finding]]:
        totals: Counter[str] = Counter()
        for (text, _), count in counts.items():
            totals[text] += count
        findings = [*self._unseen(counts)]
        if len(totals) == 1:
            only = "All labels are '{label}': there is nothing to learn from one class."
            findings.append(noted("single_class", "error", only, self._present, label=next(iter(totals))))
        if kind == "residue_classes":
            detail = "{count} labels are not as long as their sequence: they need one letter per residue."
            findings += self._wrong_length.finding("label_length", "error", detail)
        shown = dict(totals.most_common(CLASSES_SHOWN))
        missing = self._rows - self._present
        return LabelProfile(kind, self._present, missing, None, shown, len(totals)), findings

    def _unseen(self, counts: Counter[tuple[str, int]]) -> list[Finding]:
        """Classes that are validated or tested on and that training never shows."""
        trained = {text for text, code in counts if self._sets.names[code] == "train" and code >= 0}
        if not trained or self._too_many:
            return []
        unseen = Counter({text: 0 for text, code in counts if code > 0 and text not in trained})
        for (text, code), count in counts.items():
            if text in unseen and code > 0:
                unseen[text] += count
        if not unseen:
            return []
        names = ", ".join(f"'{text}' {count:,}" for text, count in unseen.most_common(10))
        detail = "{classes} classes stand in validation or test and never in training: {names}."
        rows = sum(unseen.values())
        return [noted("unseen_class", "warning", detail, rows, classes=len(unseen), names=names)]

    def _missing_findings(self) -> list[Finding]:
        detail = "{count} records have no label: training leaves them out."
        return self._missing.finding("target_missing", "warning", detail)


def _number(text: str) -> float:
    """The number a text says, NaN if it says none or infinity."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _key(text: str | None, value: float) -> int:
    """1 and 1.0 are the same label; 0 is for none."""
    if text is None:
        return 0
    return hash((text,)) if math.isnan(value) else hash((value,))
