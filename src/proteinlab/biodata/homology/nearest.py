"""The nearest relative of each sequence in another set."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from proteinlab.biodata.homology.identity import FloatArray, IdentityIndex, plain
from proteinlab.biodata.homology.kmers import KmerIndex
from proteinlab.biodata.homology.ungapped import nearest_ungapped
from proteinlab.biodata.residues import IntArray
from proteinlab.biodata.threads import thread_count

# From here on, two sequences of equal length are taken as they stand: an alignment would find the same.
CLEARLY_ALIKE = 0.9
CANDIDATES = 64


@dataclass(frozen=True, slots=True)
class Nearest:
    identity: FloatArray  # (n,), in [0, 1]
    row: IntArray  # (n,): row of the nearest target, -1 where nothing aligns with any candidate


def find_nearest(targets: Sequence[str], queries: Sequence[str], candidates: int = CANDIDATES) -> Nearest:
    """For each query its most identical target, of those `candidates` that share most words with it.

    Two sequences of equal length that agree in nine of ten residues or more are not aligned.
    """
    ours, theirs = [plain(text) for text in queries], [plain(text) for text in targets]
    identity, row = nearest_ungapped(theirs, ours)
    doubtful = np.flatnonzero(identity < CLEARLY_ALIKE)
    identity[doubtful], row[doubtful] = 0.0, -1
    if len(doubtful) and theirs:
        words, index = KmerIndex(theirs), IdentityIndex(theirs)
        left = [ours[place] for place in doubtful.tolist()]
        found = words.candidates(left, candidates)
        with ThreadPoolExecutor(thread_count()) as threads:  # the aligner works outside Python's lock
            aligned = threads.map(index.relatives, left, found)
        for place, (related, values) in zip(doubtful.tolist(), aligned, strict=True):
            if len(related):
                identity[place], row[place] = values.max(), related[values.argmax()]
    return Nearest(identity, row)
