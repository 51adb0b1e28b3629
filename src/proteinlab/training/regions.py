"""The part of each sequence that a model sees."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from proteinlab.biodata.records import Record
from proteinlab.training.alphabet import Tokens, encode
from proteinlab.training.errors import UserError

# Residues kept on each side of those that differ: a filter sees some of the constant ones too.
_MARGIN = 4


@dataclass(frozen=True)
class Region:
    """Residues kept of every sequence, counted from 1, both ends included; a deliberate, recorded crop.

    With `head` and `tail`, what lies outside must be that: a change there would not be seen.
    """

    first: int = 1
    last: int | None = None
    head: str | None = None
    tail: str | None = None

    def __post_init__(self) -> None:
        if self.first < 1 or (self.last is not None and self.last < self.first):
            raise UserError("bad_region", f"The region {self.first} to {self.last} holds no residue.")

    def of(self, sequence: str) -> str:
        return sequence[self.first - 1 : self.last]

    def sees_all_of(self, sequence: str) -> bool:
        """Whether a sequence differs from the others in this region only, as far as its ends are known."""
        if self.head is None or self.tail is None or self.last is None:
            return True
        return sequence[: self.first - 1] == self.head and sequence[self.last :] == self.tail

    def trimmed(self, sequences: Sequence[str]) -> "Region":
        """Without the ends in which no sequence differs from another, but for four residues on either side.

        The same region where lengths differ or nothing does.
        """
        inside = {self.of(sequence) for sequence in sequences}
        if len(inside) < 2 or len({len(sequence) for sequence in sequences}) != 1:
            return self
        letters = np.array([list(sequence) for sequence in inside])
        differing = np.flatnonzero((letters != letters[0]).any(axis=0)) + self.first
        first = max(self.first, int(differing[0]) - _MARGIN)
        last = min(self.first + letters.shape[1] - 1, int(differing[-1]) + _MARGIN)
        return Region(first, last, sequences[0][: first - 1], sequences[0][last:])


def encode_record(record: Record, region: Region, max_length: int) -> Tokens:
    """Tokens of the record's region.

    Raises UserError: empty_sequence, sequence_too_long (nothing is cut in silence), unseen_change,
    illegal_residue.
    """
    sequence = region.of(record.sequence)
    line = record.line or None
    if not sequence:
        detail = f"'{record.id}' has no residue in the region used: remove it."
        raise UserError("empty_sequence", detail, line)
    if len(sequence) > max_length:
        raise UserError(
            "sequence_too_long",
            f"'{record.id}' has {len(sequence)} residues, the limit is {max_length}: raise data.max_length "
            "for training, set data.region, or remove it. Nothing is cut in silence.",
            line,
        )
    if not region.sees_all_of(record.sequence):
        raise UserError(
            "unseen_change",
            f"'{record.id}' differs from the training variants outside residues {region.first} to {region.last}, the "
            "only ones that the model sees: train without data.region.trim, or on data that vary there too.",
            line,
        )
    return encode(sequence, f"'{record.id}'", line)
