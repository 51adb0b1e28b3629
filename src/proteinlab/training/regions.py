"""The part of each sequence that a model sees."""

from dataclasses import dataclass

from proteinlab.biodata.records import Record
from proteinlab.training.alphabet import Tokens, encode
from proteinlab.training.errors import UserError


@dataclass(frozen=True)
class Region:
    """Residues kept of every sequence, counted from 1, both ends included; a deliberate, recorded crop."""

    first: int = 1
    last: int | None = None

    def __post_init__(self) -> None:
        if self.first < 1 or (self.last is not None and self.last < self.first):
            raise UserError("bad_region", f"The region {self.first} to {self.last} holds no residue.")

    def of(self, sequence: str) -> str:
        return sequence[self.first - 1 : self.last]


def encode_record(record: Record, region: Region, max_length: int) -> Tokens:
    """Tokens of the record's region.

    Raises UserError: empty_sequence, sequence_too_long (nothing is cut in silence), illegal_residue.
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
    return encode(sequence, f"'{record.id}'", line)
