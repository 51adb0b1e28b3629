"""Distances, contacts and angles."""

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from proteinlab.biodata.structures.chains import Chain, Floats

# As in CASP and in most contact predictors; there between C-beta atoms, here between C-alphas.
CONTACT = 8.0


def distance_map(coordinates: Floats) -> Floats:
    """Shape (n, n), in the unit of the coordinates (n, 3); NaN where a coordinate is."""
    distances: Floats = cdist(coordinates, coordinates).astype(np.float32)
    return distances


def contact_map(distances: Floats, limit: float = CONTACT) -> npt.NDArray[np.bool_]:
    """Shape (n, n): closer than `limit`; not where a distance is NaN."""
    contacts: npt.NDArray[np.bool_] = distances < limit
    return contacts


def dihedrals(chain: Chain) -> Floats:
    """Phi, psi and omega in degrees, shape (n, 3), by the IUPAC convention of 1970.

    Omega is that of the bond to the next residue. NaN at the ends, at breaks of the chain, and where an atom is
    missing.
    """
    angles = np.full((len(chain), 3), np.nan, dtype=np.float32)
    nitrogen, alpha, carbon = (chain.backbone[:, atom] for atom in range(3))
    bonded = chain.bonded
    angles[1:, 0] = np.where(bonded, _dihedral(carbon[:-1], nitrogen[1:], alpha[1:], carbon[1:]), np.nan)
    angles[:-1, 1] = np.where(bonded, _dihedral(nitrogen[:-1], alpha[:-1], carbon[:-1], nitrogen[1:]), np.nan)
    angles[:-1, 2] = np.where(bonded, _dihedral(alpha[:-1], carbon[:-1], nitrogen[1:], alpha[1:]), np.nan)
    return angles


def _dihedral(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    """Of the planes a b c and b c d, in degrees, shape (m,)."""
    axis = c - b
    axis = axis / np.linalg.norm(axis, axis=1, keepdims=True)
    before, after = a - b, d - c
    flat_before = before - (before * axis).sum(axis=1, keepdims=True) * axis
    flat_after = after - (after * axis).sum(axis=1, keepdims=True) * axis
    x = (flat_before * flat_after).sum(axis=1)
    y = (np.cross(axis, flat_before) * flat_after).sum(axis=1)
    angles: Floats = np.degrees(np.arctan2(y, x))
    return angles
