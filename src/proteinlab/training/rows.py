"""The file's words for what is asked, one row for each answer: a sequence, a pair of them, or a residue."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from proteinlab.training.errors import UserError
from proteinlab.training.outputs import Index
from proteinlab.training.regions import Region

Level = Literal["sequence", "residue", "pair"]
Words = npt.NDArray[np.str_]

_SEPARATORS = re.compile(r"[;,|\s]+")


@dataclass(frozen=True)
class Rows:
    """Aligned as the rows of `Outputs` for the same samples."""

    words: Words
    """(rows,)"""
    sample: Index
    """(rows,) which of the samples, in the order given"""
    position: Index | None
    """(rows,) the residue, counted from 1 in the whole sequence; None for sequences and pairs"""
    lines: Index
    """(rows,) the line in the file, 0 where unknown"""

    def __len__(self) -> int:
        return len(self.words)


def whole_rows(targets: Sequence[str], lines: Sequence[int]) -> Rows:
    """A row for each sequence or pair."""
    return Rows(np.array(targets, dtype=np.str_), np.arange(len(targets)), None, np.array(lines, dtype=np.int64))


@dataclass(frozen=True)
class ResidueLabels:
    """What a file says of the residues of one sequence; `mask` None lets all count."""

    id: str
    length: int
    target: str
    mask: str | None
    line: int

    def words(self) -> Words:
        """One word a residue: a letter each, or words between separators (; , | or space).

        Raises UserError label_length.
        """
        if len(self.target) == self.length and (self.length > 1 or not _SEPARATORS.search(self.target)):
            return np.array(list(self.target))
        words = [word for word in _SEPARATORS.split(self.target) if word]
        if len(words) != self.length:
            found = len(words) if len(words) > 1 else len(self.target)
            raise UserError(
                "label_length",
                f"'{self.id}' has {self.length} residues and {found} labels: it needs one for each residue, as "
                "letters without a sign between them or as words between semicolons.",
                self.line or None,
            )
        return np.array(words)

    def counts(self) -> npt.NDArray[np.bool_]:
        """Which residues count. Raises UserError: mask_length, bad_mask."""
        if self.mask is None:
            return np.ones(self.length, dtype=np.bool_)
        if len(self.mask) != self.length:
            detail = f"The mask of '{self.id}' has {len(self.mask)} signs for {self.length} residues: write one each."
            raise UserError("mask_length", detail, self.line or None)
        if self.mask.strip("01"):
            detail = f"The mask of '{self.id}' holds something other than 0 and 1: 1 marks a residue that counts."
            raise UserError("bad_mask", detail, self.line or None)
        flags: npt.NDArray[np.bool_] = np.array(list(self.mask)) == "1"
        return flags


def residue_rows(labels: Sequence[ResidueLabels], region: Region) -> Rows:
    """A row for each residue that its mask counts, within the region.

    Raises UserError: label_length, mask_length, bad_mask, with the line; empty_mask where no row is left.
    """
    words, places = [], []
    for one in labels:
        counted = one.counts()[: region.last]
        counted[: region.first - 1] = False
        places.append(np.flatnonzero(counted))
        words.append(one.words()[places[-1]])
    sizes = np.array([len(place) for place in places], dtype=np.int64)
    if not sizes.sum():
        raise UserError("empty_mask", f"None of the {len(labels)} masks marks a residue that counts: check the column.")
    lines = np.array([one.line for one in labels], dtype=np.int64)
    return Rows(
        np.concatenate(words), np.repeat(np.arange(len(labels)), sizes), np.concatenate(places) + 1, lines.repeat(sizes)
    )
