"""What an alignment says of each column: residue frequencies and a position-specific scoring matrix."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from Bio.Align import substitution_matrices

from proteinlab.biodata.alignment.alignment import GAP, Alignment
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.residues import STANDARD

Floats = npt.NDArray[np.float64]
LETTERS = STANDARD.decode()
# How often residues occur in proteins, in the order of LETTERS (Robinson, Robinson 1991), as PSI-BLAST takes them.
BACKGROUND = np.array(
    [
        *(0.07805, 0.01925, 0.05364, 0.06295, 0.03856, 0.07377, 0.02199, 0.05142, 0.05744, 0.09019),
        *(0.02243, 0.04487, 0.05203, 0.04264, 0.05129, 0.07120, 0.05841, 0.06441, 0.01330, 0.03216),
    ]
)
# Scale of BLOSUM62 without gaps, and the weight of pseudocounts (Altschul et al. 1997).
LAMBDA = 0.3176
PSEUDOCOUNTS = 10.0


@dataclass(frozen=True, slots=True)
class Profile:
    """Columns come first, residues in the alphabetical order of the twenty letters."""

    frequencies: Floats  # (columns, 20): weighted and smoothed by pseudocounts; each row adds up to 1
    pssm: Floats  # (columns, 20): log-odds against the background, in bits
    gaps: Floats  # (columns,): weighted share of gaps
    information: Floats  # (columns,): relative entropy to the background, in bits
    weights: Floats  # (rows,): of the sequences; they add up to 1


def profile(alignment: Alignment, pseudocounts: float = PSEUDOCOUNTS) -> Profile:
    """Frequencies as PSI-BLAST computes them (Altschul et al. 1997): sequences weighted by position (Henikoff, Henikoff
    1994), pseudocounts from BLOSUM62. A column of gaps alone has the background's frequencies. Raises DataError
    bad_pseudocounts.
    """
    if not pseudocounts > 0:
        detail = (
            f"The weight of pseudocounts is {pseudocounts:g}: without any, a residue not seen has no score. Give 10."
        )
        raise DataError("bad_pseudocounts", detail)
    letters = alignment.letters()
    present = letters[:, :, None] == np.frombuffer(STANDARD, dtype=np.uint8)  # (rows, columns, 20)
    kinds = present.any(axis=0).sum(axis=1)  # (columns,): different residues
    weights = _position_weights(present, kinds)
    counts = np.einsum("r,rcl->cl", weights, present)
    seen = counts.sum(axis=1, keepdims=True)
    observed = np.divide(counts, seen, out=np.tile(BACKGROUND, (len(counts), 1)), where=seen > 0)
    expected = (observed / BACKGROUND) @ _pair_frequencies()  # what substitutions would make of them
    # The mean number of different residues says how much independent evidence the sequences are.
    certainty = max(float(kinds[kinds > 0].mean()) - 1, 0.0) if kinds.any() else 0.0
    frequencies = (certainty * observed + pseudocounts * expected) / (certainty + pseudocounts)
    frequencies /= frequencies.sum(axis=1, keepdims=True)
    pssm = np.log2(frequencies / BACKGROUND)
    information = (frequencies * pssm).sum(axis=1)
    gaps = weights @ (letters == ord(GAP))
    return Profile(frequencies, pssm, gaps, information, weights)


def _position_weights(present: npt.NDArray[np.bool_], kinds: npt.NDArray[np.int64]) -> Floats:
    """In each column every kind of residue shares out one part, each of its sequences the same."""
    same = present.sum(axis=0)  # (columns, 20)
    shares = np.divide(1.0, kinds[:, None] * same, out=np.zeros(same.shape), where=same > 0)
    weights = np.einsum("rcl,cl->r", present, shares)
    total = weights.sum()
    if not total:
        return np.full(len(present), 1 / len(present))
    normal: Floats = weights / total
    return normal


def _pair_frequencies() -> Floats:
    """How often BLOSUM62 expects each pair of residues in alignments, shape (20, 20)."""
    matrix = substitution_matrices.load("BLOSUM62")
    scores = np.array([[matrix[one, other] for other in LETTERS] for one in LETTERS])
    pairs: Floats = np.outer(BACKGROUND, BACKGROUND) * np.exp(LAMBDA * scores)
    return pairs
