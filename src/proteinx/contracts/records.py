"""Looking into a dataset's files: records page by page, an alignment's columns, a structure's chains."""

from typing import Literal

from pydantic import BaseModel


class RecordView(BaseModel):
    row: int
    """From 1, in the file's order."""
    line: int
    """Where the record starts in the file; of an alignment in blocks, its row."""
    id: str
    length: int
    """Residues, without gaps."""
    sequence: str
    """Of a table of variants, the variant's text."""
    target: str | None
    set: str | None


class RecordPage(BaseModel):
    kind: Literal["sequences", "variants", "alignment"]
    items: list[RecordView]
    offset: int
    total: int
    """Of the records that match."""
    rows: int
    """Of all records."""


class AlignmentView(BaseModel):
    rows: int
    width: int
    """Columns."""
    consensus: str | None
    """One letter per column, `-` where gaps prevail; null where the alignment is too large to count."""
    conservation: list[float] | None
    """Per column, from 0 (all residues as frequent) to 1 (one residue alone)."""
    gaps: list[float] | None
    """Per column, the share of rows without a residue."""


class ChainView(BaseModel):
    name: str
    sequence: str
    numbers: list[str]
    """The file's own number of each residue, with insertion code."""
    full_length: int
    """With the residues that lack coordinates."""
    missing: list[int]
    """Places, from 1, in the full sequence that lack coordinates."""
    b_factors: list[float]
    """Of each residue's C-alpha atom."""


class StructureView(BaseModel):
    name: str
    models: int
    insertion_codes: int
    alternatives: int
    """Residues with alternative places."""
    notes: list[str]
    """What had to be overlooked in the file."""
    confidence: bool
    """Whether the B factors are pLDDT, the confidence of a predicted model."""
    chains: list[ChainView]
