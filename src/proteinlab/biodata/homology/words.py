"""Pairs of relatives by shared words and alignment: the built-in method, no program needed."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from proteinlab.biodata.homology.identity import IdentityIndex
from proteinlab.biodata.homology.kmers import KmerIndex
from proteinlab.biodata.residues import IntArray
from proteinlab.biodata.threads import thread_count

CANDIDATES = 64


def version() -> str:
    return "words-1"


def find_pairs(sequences: Sequence[str], identity: float) -> IntArray:
    """Rows of sequences that are relatives at `identity` or more, shape (pairs, 2)."""
    words, index = KmerIndex(sequences), IdentityIndex(sequences)
    found = words.candidates(sequences, CANDIDATES + 1)  # a sequence is its own best candidate
    candidates = [rows[rows > row] for row, rows in enumerate(found)]
    with ThreadPoolExecutor(thread_count()) as threads:  # the aligner works outside Python's lock
        aligned = threads.map(index.relatives, sequences, candidates)
        kept = [(row, related[values >= identity]) for row, (related, values) in enumerate(aligned)]
    pairs = [np.column_stack((np.full(len(others), row), others)) for row, others in kept]
    return np.concatenate([np.zeros((0, 2), dtype=np.int64), *pairs])
