"""The wild type that variants are variants of, and the making of their sequences."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.fasta import read_fasta
from proteinlab.biodata.streams import read_head
from proteinlab.biodata.variants.notation import DELETION, STOP, Mutation

# What becomes of a variant with a stop codon: the protein ends before it; it keeps the '*'; an error.
Stop = Literal["truncate", "keep", "refuse"]
OFFSET = re.compile(r"\b(?:wt_)?(?:offset|first)=(-?\d+)")
SEARCHED = range(-2000, 5001)


@dataclass(frozen=True, slots=True)
class WildType:
    """`first` is the number of the first residue in the variants' counting."""

    sequence: str
    first: int = 1

    @property
    def last(self) -> int:
        return self.first + len(self.sequence) - 1

    def residue(self, position: int) -> str:
        """Raises DataError position_outside."""
        if not self.first <= position <= self.last:
            detail = f"The wild type has positions {self.first} to {self.last}"
            raise DataError("position_outside", detail)
        return self.sequence[position - self.first]

    def mutate(self, mutations: Iterable[Mutation], stop: Stop = "keep") -> str:
        """The variant's sequence. Raises DataError: position_outside, wild_type_mismatch, stop_codon,
        empty_sequence (a stop in the place of the first residue, truncated).
        """
        residues = list(self.sequence)
        for mutation in mutations:
            self._check(mutation)
            residues[mutation.position - self.first] = mutation.replacement
        text = "".join(letter for letter in residues if letter != DELETION)
        return _stopped(text, stop) if any(one.replacement == STOP for one in mutations) else text

    def _check(self, mutation: Mutation) -> None:
        try:
            found = self.residue(mutation.position)
        except DataError as error:
            raise DataError(error.code, f"{error.detail}, and {mutation} lies outside.") from None
        if found != mutation.original:
            detail = (
                f"{mutation} says that {mutation.original} is at {mutation.position}, the wild type has {found} there."
            )
            raise DataError("wild_type_mismatch", detail)


def _stopped(text: str, stop: Stop) -> str:
    match stop:
        case "keep":
            return text
        case "refuse":
            raise DataError("stop_codon", "The variant has a stop codon: leave it out or set stop=truncate.")
        case "truncate":
            before = text.partition(STOP)[0]
            if not before:
                detail = "A stop codon in the first place leaves nothing of the variant: leave it out."
                raise DataError("empty_sequence", detail)
            return before


def read_wild_type(path: Path, first: int | None = None) -> WildType:
    """A FASTA file with one record. The first residue's number is `first`, or what the header says as
    wt_offset=126, offset=126 or first=126, or 1.

    Raises DataError: wild_type_not_one, and what reading FASTA raises.
    """
    sequences = [text.decode("ascii") for block in read_fasta(path) for text in block.sequences]
    if len(sequences) != 1:
        detail = f"The wild type's file has {len(sequences)} sequences: give a FASTA file with one."
        raise DataError("wild_type_not_one", detail)
    header = read_head(path).decode("utf-8", errors="replace").lstrip().partition("\n")[0]
    said = OFFSET.search(header)
    if first is None:
        first = int(said[1]) if said else 1
    return WildType(sequences[0], first)


def fitting_first(sequence: str, mutations: Iterable[Mutation]) -> list[int]:
    """Numbers of the first residue with which all mutations would fit; at most two, enough for a hint."""
    claims = sorted({(mutation.position, mutation.original) for mutation in mutations})
    found: list[int] = []
    for first in SEARCHED:
        if _fits(sequence, first, claims):
            found.append(first)
            if len(found) == 2:
                break
    return found


def _fits(sequence: str, first: int, claims: list[tuple[int, str]]) -> bool:
    return all(
        0 <= position - first < len(sequence) and sequence[position - first] == original
        for position, original in claims
    )
