"""The identity of all sequences to all, shared out to processes."""

from collections.abc import Sequence

import numpy as np

from proteinlab.biodata.homology.identity import FloatArray, IdentityIndex
from proteinlab.biodata.preprocess.workers import Workers
from proteinlab.biodata.residues import IntArray

# Blocks of rows per process: enough that none waits long for the last, few enough that sending them costs nothing.
BLOCKS_PER_PROCESS = 8


def identity_matrix(sequences: Sequence[str], workers: Workers) -> FloatArray:
    """Shape (n, n), symmetric, 1 on the diagonal; identity is defined in `homology.identity`, 0 where no alignment is
    significant. Every pair is aligned once.
    """
    size = len(sequences)
    matrix = np.eye(size, dtype=np.float32)
    # Row i is aligned with the rows after it. Dealing rows out in turn makes the blocks equally large.
    blocks = min(max(size, 1), BLOCKS_PER_PROCESS * workers.processes)
    dealt = [np.arange(start, size, blocks) for start in range(blocks)]
    for rows, found in zip(dealt, workers.map("identity", _block, dealt, list(sequences)), strict=True):
        for row, values in zip(rows.tolist(), found, strict=True):
            matrix[row, row + 1 :] = matrix[row + 1 :, row] = values[row + 1 :]
    return matrix


def _block(rows: IntArray, sequences: list[str]) -> FloatArray:
    """Shape (rows, n), filled right of the diagonal. One array is sent back much quicker than one for each row."""
    index = IdentityIndex(sequences)
    found = np.zeros((len(rows), len(sequences)), dtype=np.float32)
    for values, row in zip(found, rows.tolist(), strict=True):
        related, identities = index.relatives(sequences[row], np.arange(row + 1, len(sequences)), len(sequences))
        values[related] = identities
    return found
