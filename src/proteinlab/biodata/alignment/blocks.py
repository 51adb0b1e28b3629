"""The rows of Stockholm, Clustal and MSF files as blocks: what the quality report counts."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from proteinlab.biodata.alignment.pieces import Piece, check_rows, read_pieces
from proteinlab.biodata.blocks import Ids, Labels, SequenceBlock, build_block
from proteinlab.biodata.formats import Format

BATCH_LETTERS = 1 << 20


def alignment_blocks(path: Path, form: Format) -> Iterator[SequenceBlock]:
    """Memory is that of a batch where each row stands on one line, as in Pfam's files; of the whole alignment where
    rows are cut into pieces. Raises DataError as `check_rows`.
    """
    layout = check_rows(path, form)
    pieces = _joined(read_pieces(path, form), layout.width) if layout.interleaved else read_pieces(path, form)
    batch: list[Piece] = []
    letters = 0
    for piece in pieces:
        batch.append(piece)
        letters += len(piece.text)
        if letters > BATCH_LETTERS:
            yield _block(batch)
            batch, letters = [], 0
    if batch:
        yield _block(batch)


def _joined(pieces: Iterator[Piece], width: int) -> Iterator[Piece]:
    """Whole rows; MSF may leave out gaps at their ends."""
    rows: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for piece in pieces:
        rows.setdefault(piece.name, []).append(piece.text)
        lines.setdefault(piece.name, piece.line)
    for name, texts in rows.items():
        yield Piece(name, "".join(texts).ljust(width, "-"), lines[name])


def _block(batch: list[Piece]) -> SequenceBlock:
    names = [piece.name.encode() for piece in batch]
    lines = np.array([piece.line for piece in batch], dtype=np.int64)
    sequences = [piece.text.replace("~", "-").encode("ascii") for piece in batch]
    ids = Ids(np.fromiter(map(hash, names), dtype=np.int64, count=len(names)), lambda: names)
    return build_block(sequences, lines, ids=ids, labels=Labels(), line_of=lambda _: int(lines[0]))
