"""Which sequences are worth aligning: those that share more short words than chance gives.

The idea is that of BLAST's and CD-HIT's word filters. Words are counted once per sequence, as one product of
sparse matrices.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from proteinlab.biodata.residues import STANDARD, IntArray

LETTERS = len(STANDARD)
# Words of residues outside the twenty are left out.
NO_LETTER = LETTERS
CODES = np.full(256, NO_LETTER, dtype=np.int64)
CODES[list(STANDARD)] = np.arange(LETTERS)
CODES[list(STANDARD.lower())] = np.arange(LETTERS)
# A word of k letters should stand in about this many targets by chance: more cost time, fewer miss relatives.
CHANCE_HITS = 64
SHORTEST, LONGEST = 2, 5
QUERIES_AT_ONCE = 128


class KmerIndex:
    def __init__(self, targets: Sequence[str], k: int | None = None) -> None:
        self.k = k or word_length(sum(map(len, targets)))
        words = word_table(targets, self.k)
        self._sizes = words.sum(axis=1)
        self._targets = words.T.tocsr()  # row w: the targets with word w

    def candidates(self, queries: Sequence[str], limit: int) -> Iterator[IntArray]:
        """For each query the rows of at most `limit` targets that share words, the likeliest first."""
        for start in range(0, len(queries), QUERIES_AT_ONCE):
            words = word_table(queries[start : start + QUERIES_AT_ONCE], self.k)
            shared = words @ self._targets
            for row, size in enumerate(words.sum(axis=1).tolist()):
                part = slice(shared.indptr[row], shared.indptr[row + 1])
                yield self._best(shared.indices[part], shared.data[part], size, limit)

    def _best(self, rows: npt.NDArray[np.int32], shared: npt.NDArray[np.int32], size: int, limit: int) -> IntArray:
        """By how many standard deviations more words are shared than by chance (Poisson)."""
        expected = size * self._sizes[rows] / LETTERS**self.k
        surprise = (shared - expected) / np.sqrt(expected + 1)
        if len(rows) > limit:
            kept = np.argpartition(-surprise, limit)[:limit]
            rows, surprise = rows[kept], surprise[kept]
        best: IntArray = rows[np.argsort(-surprise, kind="stable")].astype(np.int64)
        return best


def word_length(residues: int) -> int:
    """The shortest word that stands in no more than CHANCE_HITS sequences by chance."""
    lengths = range(SHORTEST, LONGEST)
    return next((k for k in lengths if residues <= CHANCE_HITS * LETTERS**k), LONGEST)


def word_table(sequences: Sequence[str], k: int) -> sparse.csr_array:
    """Which words each sequence has: shape (n, 20**k), 1 where it has the word."""
    codes = [CODES[np.frombuffer(text.encode("ascii"), dtype=np.uint8)] for text in sequences]
    words = [np.unique(_words(code, k)) for code in codes]
    ends = np.cumsum([0, *map(len, words)])
    indices = np.concatenate(words) if words else np.zeros(0, dtype=np.int64)
    ones = np.ones(len(indices), dtype=np.int32)
    return sparse.csr_array((ones, indices, ends), shape=(len(sequences), LETTERS**k))


def _words(codes: IntArray, k: int) -> IntArray:
    if len(codes) < k:
        return np.zeros(0, dtype=np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(codes, k)  # (positions, k)
    known = ~(windows == NO_LETTER).any(axis=1)
    numbers: IntArray = windows[known] @ (LETTERS ** np.arange(k))
    return numbers
