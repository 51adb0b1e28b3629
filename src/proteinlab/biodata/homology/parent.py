"""Whether sequences are variants of one protein: then all are nearly identical by design, which is no leak."""

from collections.abc import Sequence

import numpy as np

from proteinlab.biodata.homology.nearest import find_nearest

ONE_PARENT = "variants of one parent"
IDENTITY = 0.8
SAMPLE = 300


def have_one_parent(sequences: Sequence[str]) -> bool:
    """Whether a sample of the sequences are all close to the first; False of fewer than two."""
    if len(sequences) < 2:
        return False
    drawn = np.random.default_rng(0).permutation(len(sequences))[:SAMPLE].tolist()
    length = len(sequences[0])
    if any(abs(len(sequences[row]) - length) > (1 - IDENTITY) * length for row in drawn):
        return False
    identity = find_nearest([sequences[0]], [sequences[row] for row in drawn]).identity
    return bool((identity >= IDENTITY).all())
