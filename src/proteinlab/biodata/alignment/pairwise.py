"""Two sequences, aligned by Biopython's PairwiseAligner."""

from dataclasses import dataclass
from typing import Literal

from Bio import Align
from Bio.Align import substitution_matrices

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.homology.identity import GAP_EXTEND, GAP_OPEN, MATRIX, plain

# global: end to end (Needleman, Wunsch 1970; Gotoh 1982); local: the best stretch (Smith, Waterman 1981);
# semiglobal: end to end, but gaps at the ends cost nothing.
Mode = Literal["global", "local", "semiglobal"]


@dataclass(frozen=True, slots=True)
class Pair:
    """`first` and `second` are equally long, with '-' for gaps; of a local alignment, its stretch alone, which starts
    at `first_start` and `second_start`, counted from 0. `identity` is identical residues over the shorter sequence,
    `aligned_identity` over aligned pairs.
    """

    first: str
    second: str
    first_start: int
    second_start: int
    score: float
    identical: int
    identity: float
    aligned_identity: float


def align_pair(
    one: str,
    other: str,
    mode: Mode = "global",
    *,
    matrix: str = MATRIX,
    gap_open: float = GAP_OPEN,
    gap_extend: float = GAP_EXTEND,
) -> Pair | None:
    """The best alignment; None where nothing aligns locally. A gap of n costs gap_open + (n - 1) gap_extend.

    Raises DataError: empty_sequence, unknown_matrix.
    """
    first, second = plain(one), plain(other)
    if not first or not second:
        raise DataError("empty_sequence", "A sequence without residues cannot be aligned.")
    found = _aligner(mode, matrix, gap_open, gap_extend).align(first, second)
    if not len(found):
        return None
    best = found[0]
    counts = best.counts()
    identical, aligned = int(counts.identities), int(counts.identities + counts.mismatches)
    return Pair(
        first=best[0],
        second=best[1],
        first_start=int(best.coordinates[0][0]),
        second_start=int(best.coordinates[1][0]),
        score=float(best.score),
        identical=identical,
        identity=identical / min(len(first), len(second)),
        aligned_identity=identical / aligned if aligned else 0.0,
    )


def _aligner(mode: Mode, matrix: str, gap_open: float, gap_extend: float) -> Align.PairwiseAligner:
    known = substitution_matrices.load()
    if matrix not in known:
        raise DataError("unknown_matrix", f"No matrix is called '{matrix}'. Known: {', '.join(known)}.")
    aligner = Align.PairwiseAligner(
        mode="local" if mode == "local" else "global",
        substitution_matrix=substitution_matrices.load(matrix),
        open_gap_score=-gap_open,
        extend_gap_score=-gap_extend,
    )
    if mode == "semiglobal":
        aligner.end_gap_score = 0.0
    return aligner
