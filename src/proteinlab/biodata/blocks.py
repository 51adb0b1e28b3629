"""Many sequences in one stretch of bytes: what readers fill and what the quality report counts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.records import Record
from proteinlab.biodata.residues import (
    GAPS,
    LEGAL,
    LOWER_CASE,
    IntArray,
    composition,
    first_of,
    letter_at,
)

GAP_CODES = list(GAPS)
BLANKS = b" \t\n\x0b\x0c"
BLANK_CODES = list(BLANKS)
UNWANTED = ~(LEGAL | LOWER_CASE)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a block. Counting needs only the hashes, so `read` makes the texts when asked."""

    hashes: IntArray  # (n,): equal for equal ids
    read: Callable[[], list[bytes]]


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands beside the sequences of a block; None where no row has it."""

    targets: list[str | None] | None = None
    sets: list[str | None] | None = None
    masks: list[str | None] | None = None


@dataclass(frozen=True, slots=True)
class SequenceBlock:
    """`n` sequences and what belongs to them."""

    sequences: list[bytes]  # upper case
    residues: bytes  # the sequences, one after the other
    offsets: IntArray  # (n + 1,): sequence i is residues[offsets[i]:offsets[i + 1]]
    lines: IntArray  # (n,): line on which the record starts
    ids: Ids
    composition: IntArray  # (256,): how often each byte occurs in residues
    aligned_lengths: IntArray  # (n,): length without insertions (lower case and '.'), as A3M counts
    labels: Labels
    partner: "SequenceBlock | None" = None  # of pairs, the second sequences

    def __len__(self) -> int:
        return len(self.sequences)

    @property
    def lengths(self) -> IntArray:
        return np.diff(self.offsets)

    def records(self) -> Iterator[Record]:
        nothing: list[str | None] = [None] * len(self)
        rows = zip(
            self.ids.read(),
            self.sequences,
            self.labels.targets or nothing,
            self.labels.sets or nothing,
            self.labels.masks or nothing,
            self.lines.tolist(),
            strict=True,
        )
        for name, sequence, target, set_, mask, line in rows:
            yield Record(name.decode("utf-8", "replace"), sequence.decode("ascii"), target, set_, mask, line)


def build_block(
    sequences: list[bytes], lines: IntArray, *, ids: Ids, labels: Labels, line_of: Callable[[int], int]
) -> SequenceBlock:
    """Check the letters, drop blanks, bring to upper case.

    `line_of` gives the line of an offset that counts all letters of the block but blanks. Raises DataError:
    empty_sequence, illegal_residue.
    """
    letters = b"".join(sequences)
    counts = composition(letters)
    if counts[BLANK_CODES].any():
        sequences = [text.translate(None, BLANKS) for text in sequences]
        letters = b"".join(sequences)
        counts = composition(letters)
    lengths = np.fromiter(map(len, sequences), dtype=np.int64, count=len(sequences))
    if not lengths.all():
        raise _empty(ids, lines, int(np.argmin(lengths != 0)))
    offsets = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))
    if counts[UNWANTED].any():
        raise _illegal(letters, first_of(letters, UNWANTED), line_of)
    aligned = _aligned_lengths(letters, counts, offsets)
    if counts[LOWER_CASE].any():
        sequences, letters = [text.upper() for text in sequences], letters.upper()
        counts = composition(letters)
    return SequenceBlock(sequences, letters, offsets, lines, ids, counts, aligned, labels)


def _empty(ids: Ids, lines: IntArray, row: int) -> DataError:
    name = ids.read()[row].decode("utf-8", errors="replace")
    detail = f"'{name}' has no sequence: add it or remove the record."
    return DataError("empty_sequence", detail, int(lines[row]))


def _illegal(letters: bytes, at: int, line_of: Callable[[int], int]) -> DataError:
    detail = (
        f"{letter_at(letters, at)!r} is not a residue: allowed are the 20 letters, B J O U X Z, "
        "'*' for a stop, and '-' '.' in alignments."
    )
    return DataError("illegal_residue", detail, line_of(at))


def _aligned_lengths(letters: bytes, counts: IntArray, offsets: IntArray) -> IntArray:
    """Length of each sequence without its lower-case letters and dots; `letters` in the case of the file."""
    lengths: IntArray = np.diff(offsets)
    if not counts[ord(".")] and not counts[LOWER_CASE].any():
        return lengths
    codes = np.frombuffer(letters, dtype=np.uint8)
    inserted = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(LOWER_CASE[codes] | (codes == ord(".")))))
    result: IntArray = lengths - np.diff(inserted[offsets])
    return result


class GapRule:
    """Gap characters are for alignments: all sequences as long as each other, or as A3M counts them."""

    def __init__(self) -> None:
        self._first: tuple[int, int] | None = None
        self._same_length = True
        self._same_aligned = True
        self._gap_line: int | None = None
        self._rows = 0

    @property
    def is_alignment(self) -> bool:
        return self._gap_line is not None

    def check(self, block: SequenceBlock) -> None:
        """Raises DataError illegal_residue as soon as a gap can no longer be one of an alignment."""
        lengths = block.lengths
        self._rows += len(block)
        self._first = self._first or (int(lengths[0]), int(block.aligned_lengths[0]))
        self._same_length = self._same_length and bool((lengths == self._first[0]).all())
        self._same_aligned = self._same_aligned and bool((block.aligned_lengths == self._first[1]).all())
        if self._gap_line is None and block.composition[GAP_CODES].any():
            self._gap_line = _first_gap_line(block)
        if self._gap_line is not None and not self._same_length and not self._same_aligned:
            detail = "Gaps ('-', '.') are for alignments, whose rows are equally long; here they are not: remove"
            raise DataError("illegal_residue", f"{detail} the gaps or mend the alignment.", self._gap_line)

    def finish(self) -> None:
        """Raises DataError illegal_residue for a single row with gaps."""
        if self._gap_line is not None and self._rows == 1:
            detail = "Gaps ('-', '.') are for alignments, and this is one sequence: remove the gaps."
            raise DataError("illegal_residue", detail, self._gap_line)


def _first_gap_line(block: SequenceBlock) -> int:
    first = min(at for at in (block.residues.find(gap) for gap in (b"-", b".")) if at >= 0)
    return int(block.lines[np.searchsorted(block.offsets, first, side="right") - 1])
