"""Secondary structure by PyDSSP, a simplified DSSP (Kabsch, Sander 1983) on backbone atoms."""

from collections.abc import Sequence

import numpy as np
import pydssp
import torch

from proteinlab.biodata.residues import IntArray
from proteinlab.biodata.structures.chains import Chain, Floats

# Hydrogen bonds are looked for between all pairs, at some 130 bytes a pair: 0.5 GB. Beyond, chain by chain.
LARGEST_TOGETHER = 2000
# PyDSSP needs a few residues.
PADDING: Floats = np.full((6, 4, 3), np.nan, dtype=np.float32)


def secondary_structure(chains: Sequence[Chain]) -> dict[str, str]:
    """By chain one letter per residue: H helix, E strand, - loop, and ? where a backbone atom is missing.

    Sheets may run through several chains.
    """
    if len(chains) > 1 and sum(map(len, chains)) > LARGEST_TOGETHER:
        return {chain.name: secondary_structure([chain])[chain.name] for chain in chains}
    backbone = np.concatenate([*(_with_breaks(chain) for chain in chains), PADDING])
    # Atoms at NaN bind nothing: comparisons with NaN are false.
    letters = pydssp.assign(torch.from_numpy(backbone), out_type="c3").tolist()
    whole = ~np.isnan(backbone).any(axis=(1, 2))
    found, start = {}, 0
    for chain in chains:
        places = start + _places(chain)
        found[chain.name] = "".join(str(letters[at]) if whole[at] else "?" for at in places.tolist())
        start += len(_with_breaks(chain))
    return found


def _places(chain: Chain) -> IntArray:
    """Where each residue stands when every break of the chain takes one more place."""
    return np.arange(len(chain)) + np.concatenate(([0], np.cumsum(~chain.bonded)))


def _with_breaks(chain: Chain) -> Floats:
    """The backbone with a row of NaN at every break and at the end."""
    places = _places(chain)
    rows = np.full((int(places[-1]) + 2, *chain.backbone.shape[1:]), np.nan, dtype=np.float32)
    rows[places] = chain.backbone
    return rows
