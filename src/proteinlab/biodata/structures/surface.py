"""Solvent accessibility."""

from dataclasses import dataclass

import numpy as np
from Bio.PDB.SASA import ShrakeRupley

from proteinlab.biodata.structures.chains import Floats
from proteinlab.biodata.structures.reading import Structure

# The largest possible accessible surface in Angstrom^2 (Tien et al. 2013, theoretical).
LARGEST = {
    **{"A": 129, "R": 274, "N": 195, "D": 193, "C": 167, "Q": 225, "E": 223, "G": 104, "H": 224, "I": 197},
    **{"L": 201, "K": 236, "M": 224, "F": 240, "P": 159, "S": 155, "T": 172, "W": 285, "Y": 263, "V": 174},
}


@dataclass(frozen=True, slots=True)
class Accessibility:
    absolute: Floats  # (n,), in Angstrom^2
    relative: Floats  # (n,), to the largest possible; NaN for unknown residues


def accessibility(structure: Structure) -> dict[str, Accessibility]:
    """By chain, within the whole structure: what other chains bury is buried. Water and ligands don't count.

    Rolls a ball of 1.4 Angstrom (Shrake, Rupley 1973), 100 points per atom.
    """
    ShrakeRupley().compute(structure.model, level="R")
    found = {}
    for chain, read in zip(structure.model, structure.chains, strict=True):
        absolute = np.array([residue.sasa for residue in chain], dtype=np.float32)
        largest = np.array([LARGEST.get(letter, np.nan) for letter in read.sequence], dtype=np.float32)
        found[read.name] = Accessibility(absolute, absolute / largest)
    return found
