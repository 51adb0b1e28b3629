"""Residues as numbers."""

import numpy as np
import numpy.typing as npt

from proteinlab.training.errors import UserError

STANDARD = "ACDEFGHIKLMNPQRSTVWY"
UNKNOWN = "X"
STOP = "*"
LETTERS = STANDARD + UNKNOWN + STOP
PAD = len(LETTERS)
AMBIGUOUS = "BJOUZ"  # read as unknown: none has enough examples to learn from

Tokens = npt.NDArray[np.uint8]

_ILLEGAL = 255
_CODES = np.full(256, _ILLEGAL, dtype=np.uint8)
for _index, _letter in enumerate(LETTERS):
    _CODES[ord(_letter)] = _CODES[ord(_letter.lower())] = _index
for _letter in AMBIGUOUS:
    _CODES[ord(_letter)] = _CODES[ord(_letter.lower())] = LETTERS.index(UNKNOWN)


def encode(sequence: str, name: str = "sequence", line: int | None = None) -> Tokens:
    """Tokens of one sequence, shape (length,).

    Raises UserError illegal_residue, naming the sequence and the position.
    """
    tokens = _CODES[np.frombuffer(sequence.encode("latin-1", errors="replace"), dtype=np.uint8)]
    illegal = np.flatnonzero(tokens == _ILLEGAL)
    if illegal.size:
        position = int(illegal[0])
        raise UserError(
            "illegal_residue",
            f"{name} has '{sequence[position]}' at position {position + 1}: only the letters "
            f"{LETTERS}{AMBIGUOUS} are residues. Remove gaps and other signs.",
            line,
        )
    return tokens
