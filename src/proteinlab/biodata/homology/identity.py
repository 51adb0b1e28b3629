"""Sequence identity: the identical residues of the best local alignment, over the shorter length.

The alignment is Smith and Waterman's (1981) with BLOSUM62 and affine gaps, the first gap costing 11 and each
further one 1, as in BLAST and MMseqs2. Over the shorter length means: as CD-HIT counts (Li, Godzik 2006), and
MMseqs2 with `--seq-id-mode 1`. A domain that stands whole in a longer protein is 100 % identical to it.

Of thousands of short sequences some always fits by chance. So an alignment counts only if it is significant:
its expectation value over all targets, after Karlin and Altschul (1990), is at most 0.001, MMseqs2's default.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyopal
from scoring_matrices.lib import ScoringMatrix

from proteinlab.biodata.residues import IntArray

FloatArray = npt.NDArray[np.float32]
MATRIX = "BLOSUM62"
GAP_OPEN, GAP_EXTEND = 11, 1
# Of this matrix with these gaps, from the tables of BLAST (Altschul et al. 1997).
LAMBDA, K = 0.267, 0.041
LARGEST_EXPECTATION = 1e-3
# Only the best alignments by score per residue are traced back: that takes ten times as long as the score.
TRACED = 8
# Letters that BLOSUM62 lacks: what they are read as, and gaps to drop.
REPLACED = str.maketrans({"U": "C", "O": "K", "J": "L", "-": None, ".": None})


def plain(sequence: str) -> str:
    """Upper case, without gaps, in BLOSUM62's letters; U is read as C, O as K, J as L."""
    return sequence.upper().translate(REPLACED)


class IdentityIndex:
    """Sequences to compare others with, encoded once."""

    def __init__(self, targets: Sequence[str]) -> None:
        matrix = ScoringMatrix.from_name(MATRIX)
        self._aligner = pyopal.Aligner(matrix, gap_open=GAP_OPEN, gap_extend=GAP_EXTEND)
        texts = [plain(text) for text in targets]
        self._targets = pyopal.Database(texts)
        self._lengths = np.array([len(text) for text in texts], dtype=np.int64)
        self._residues = int(self._lengths.sum())

    def relatives(self, query: str, rows: IntArray, traced: int = TRACED) -> tuple[IntArray, FloatArray]:
        """Of the targets in `rows` those that align significantly, at most `traced`, and their identities."""
        text = plain(query)
        if not text or not len(rows):
            return rows[:0], np.zeros(0, dtype=np.float32)
        scores = self._scores(text, rows)
        rows, scores = rows[scores >= self._least(len(text))], scores[scores >= self._least(len(text))]
        if len(rows) > traced:
            per_residue = scores / np.minimum(self._lengths[rows], len(text))
            rows = rows[np.argsort(-per_residue, kind="stable")[:traced]]
        return rows, self._identities(text, rows)

    def _least(self, length: int) -> float:
        """The smallest significant score of a query."""
        return float(np.log(K * length * self._residues / LARGEST_EXPECTATION) / LAMBDA)

    def _scores(self, text: str, rows: IntArray) -> npt.NDArray[np.float64]:
        scores = np.zeros(len(rows))
        for hit in self._aligner.align(text, self._targets.extract(rows.tolist()), mode="score", algorithm="sw"):
            scores[hit.target_index] = hit.score
        return scores

    def _identities(self, text: str, rows: IntArray) -> FloatArray:
        found = np.zeros(len(rows), dtype=np.float32)
        if len(rows):
            chosen = self._targets.extract(rows.tolist())
            for hit in self._aligner.align(text, chosen, mode="full", algorithm="sw"):
                shorter = min(hit.query_length, hit.target_length)
                found[hit.target_index] = hit.alignment.count("M") / shorter
        return found
