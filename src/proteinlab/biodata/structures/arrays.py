"""All that is known of a chain, as arrays to be kept beside its sequence."""

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.structures.chains import Chain
from proteinlab.biodata.structures.geometry import contact_map, dihedrals, distance_map
from proteinlab.biodata.structures.surface import Accessibility


def chain_arrays(chain: Chain, surface: Accessibility, secondary: str) -> dict[str, npt.NDArray[np.generic]]:
    """For a chain of n residues with coordinates:

    sequence, full_sequence, secondary (texts; secondary has H, E, - or ? for each residue), positions (n,) of the
    residues in full_sequence, missing (m,) positions without coordinates, numbers (n,) of the file with insertion
    codes; backbone (n, 4, 3) of N, CA, C, O and c_alpha (n, 3) in Angstrom; distances (n, n) between C-alpha atoms,
    contacts (n, n) which of them are below 8 Angstrom; dihedrals (n, 3) phi, psi, omega in degrees; accessibility (n,)
    in Angstrom^2 and relative_accessibility (n,). What is unknown is NaN, and no contact.
    """
    distances = distance_map(chain.c_alpha)
    return {
        "sequence": np.array(chain.sequence),
        "full_sequence": np.array(chain.full_sequence),
        "secondary": np.array(secondary),
        "positions": chain.positions,
        "missing": chain.missing,
        "numbers": np.array(chain.numbers),
        "backbone": chain.backbone,
        "c_alpha": chain.c_alpha,
        "distances": distances,
        "contacts": contact_map(distances),
        "dihedrals": dihedrals(chain),
        "accessibility": surface.absolute,
        "relative_accessibility": surface.relative,
    }
