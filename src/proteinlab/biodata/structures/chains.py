"""The protein chains of a structure, as arrays."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.residues import IntArray

Floats = npt.NDArray[np.float32]
BACKBONE = ("N", "CA", "C", "O")
# C and N of neighbours are 1.33 A apart; beyond this there is no peptide bond.
LONGEST_BOND = 2.0


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain, `n` residues that have coordinates, from the N to the C terminus."""

    name: str
    sequence: str  # n letters; modified residues as their parent (MSE is M), unknown ones X
    full_sequence: str  # with the residues that lack coordinates, where the file lists them
    positions: IntArray  # (n,): where each residue stands in full_sequence, from 0
    numbers: tuple[str, ...]  # n residue numbers of the file, with insertion code: 52, 52A
    backbone: Floats  # (n, 4, 3) in Angstrom: N, CA, C, O; NaN where an atom is missing

    def __len__(self) -> int:
        return len(self.sequence)

    @property
    def c_alpha(self) -> Floats:
        """Shape (n, 3)."""
        return self.backbone[:, 1]

    @property
    def missing(self) -> IntArray:
        """Positions in full_sequence without coordinates."""
        return np.setdiff1d(np.arange(len(self.full_sequence)), self.positions)

    @property
    def bonded(self) -> npt.NDArray[np.bool_]:
        """Whether each residue but the last is bound to the next, shape (n - 1,)."""
        carbon, nitrogen = self.backbone[:-1, 2], self.backbone[1:, 0]
        near: npt.NDArray[np.bool_] = np.linalg.norm(carbon - nitrogen, axis=1) < LONGEST_BOND
        return near
