"""Masks of residues: one 0 or 1 for each."""

from proteinlab.biodata.blocks import SequenceBlock
from proteinlab.biodata.findings import Finding, Marks


class MaskTally:
    def __init__(self) -> None:
        self._lengths, self._letters = Marks(), Marks()

    def add(self, block: SequenceBlock) -> None:
        if block.labels.masks is None:
            return
        rows = [
            (mask, length, line)
            for mask, length, line in zip(block.labels.masks, block.lengths.tolist(), block.lines.tolist(), strict=True)
            if mask is not None
        ]
        self._lengths.add(line for mask, length, line in rows if len(mask) != length)
        self._letters.add(line for mask, _, line in rows if mask.strip("01"))

    def findings(self) -> list[Finding]:
        wrong_length = "{count} masks are not as long as their sequence: they need one 0 or 1 per residue."
        wrong_letters = "{count} masks hold something other than 0 and 1."
        return [
            *self._lengths.finding("mask_length", "error", wrong_length),
            *self._letters.finding("mask_letters", "error", wrong_letters),
        ]
