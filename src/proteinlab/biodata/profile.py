"""Lengths and residues of all sequences of a file."""

from dataclasses import dataclass

import numpy as np

from proteinlab.biodata.blocks import SequenceBlock
from proteinlab.biodata.findings import Finding, Marks, Severity
from proteinlab.biodata.residues import (
    GAPS,
    NON_STANDARD,
    NUCLEOTIDE_OR_GAP,
    NUCLEOTIDES,
    IntArray,
    places_of,
)

BINS = 20
LONGEST_COUNTED = 1 << 16  # above the longest known protein; longer ones share the last place
# Below this a peptide may by chance hold only A, C, G and T.
SHORTEST_DNA = 20
FIRST_LOOK = 16


@dataclass(frozen=True, slots=True)
class Bin:
    """Counts values from `start` up to, not including, `stop`."""

    start: float
    stop: float
    count: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """In residues. Percentiles are exact up to 65,536."""

    min: int
    max: int
    mean: float
    median: int
    p95: int
    histogram: list[Bin]


class SequenceTally:
    """Adds up blocks; memory does not grow with the file."""

    def __init__(self) -> None:
        self.rows = 0
        self.residues = 0
        self._composition = np.zeros(256, dtype=np.int64)
        self._lengths = np.zeros(LONGEST_COUNTED + 1, dtype=np.int64)
        self._longest = 0
        self._non_standard = Marks()
        self._dna = Marks()

    def add(self, block: SequenceBlock) -> None:
        lengths = block.lengths
        self.rows += len(block)
        self.residues += len(block.residues)
        self._composition += block.composition
        self._longest = max(self._longest, int(lengths.max()))
        counts = np.bincount(np.minimum(lengths, LONGEST_COUNTED))
        self._lengths[: len(counts)] += counts
        self._mark_non_standard(block)
        self._dna.add(_dna_lines(block, lengths))

    def composition(self) -> dict[str, int]:
        return {chr(code): int(self._composition[code]) for code in np.flatnonzero(self._composition).tolist()}

    def lengths(self) -> Lengths:
        shortest = int(np.flatnonzero(self._lengths)[0])
        median, p95, p99 = (self._percentile(share) for share in (0.5, 0.95, 0.99))
        mean = round(self.residues / self.rows, 2)
        return Lengths(shortest, self._longest, mean, median, p95, self._histogram(shortest, p99))

    def findings(self) -> list[Finding]:
        counts = self.composition()
        odd = ", ".join(f"{letter} {counts[letter]:,}" for letter in NON_STANDARD.decode() if letter in counts)
        severity: Severity = "error" if self._dna.count * 2 >= self.rows else "warning"
        return [
            *self._dna.finding(
                "dna_sequence",
                severity,
                "{count} sequences hold only A, C, G, T, U, N: this is DNA or RNA; translate it to protein.",
            ),
            *self._non_standard.finding(
                "non_standard_residue",
                "info",
                "{count} sequences hold letters outside the standard twenty ({letters}).",
                letters=odd,
            ),
        ]

    def _mark_non_standard(self, block: SequenceBlock) -> None:
        present = [code for code in NON_STANDARD if block.composition[code]]
        if present:
            places = np.concatenate([places_of(code, block.residues, block.composition) for code in present])
            rows = np.unique(np.searchsorted(block.offsets, places, side="right") - 1)
            self._non_standard.add(block.lines[rows].tolist())

    def _percentile(self, share: float) -> int:
        """The smallest length that `share` of the sequences do not exceed."""
        place = int(np.searchsorted(np.cumsum(self._lengths), share * self.rows))
        return self._longest if place == LONGEST_COUNTED else place

    def _histogram(self, shortest: int, p99: int) -> list[Bin]:
        """Equal bins to the 99th percentile; the last one also takes the long tail."""
        width = max(1, -(-(p99 + 1 - shortest) // BINS))
        starts = range(shortest, p99 + 1, width)
        stops = [*starts[1:], max(self._longest + 1, starts[-1] + width)]
        return [
            Bin(start, stop, int(self._lengths[start : max(stop, start + 1)].sum()))
            for start, stop in zip(starts, stops, strict=True)
        ]


def _dna_lines(block: SequenceBlock, lengths: IntArray) -> list[int]:
    """Lines of the records that look like nucleic acid. Most proteins are out after a few residues."""
    rows = np.flatnonzero(lengths >= SHORTEST_DNA)
    codes = np.frombuffer(block.residues, dtype=np.uint8)
    for place in range(FIRST_LOOK):
        rows = rows[NUCLEOTIDE_OR_GAP[codes[block.offsets[rows] + place]]]
    return [int(block.lines[row]) for row in rows.tolist() if _is_dna(block, row)]


def _is_dna(block: SequenceBlock, row: int) -> bool:
    """Three different letters at least: poly-alanine and the glycine-alanine repeats of silk are proteins."""
    text = block.sequences[row].translate(None, GAPS)
    return not text.translate(None, NUCLEOTIDES) and len(set(text)) > 2
