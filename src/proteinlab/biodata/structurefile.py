"""The first look at a structure file, before any parser is asked."""

from pathlib import Path

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.streams import read_chunks

# Coordinates: PDB's ATOM and HETATM records, mmCIF's atom_site loop.
SIGNS = (b"\nATOM", b"\nHETATM", b"_atom_site.")
LONGEST_SIGN = max(len(sign) for sign in SIGNS)


def check_atoms(path: Path) -> None:
    """Read the file to its end. Raises DataError no_atoms, and what `read_chunks` raises."""
    found, held = False, b"\n"
    for chunk in read_chunks(path):
        text = held + chunk
        found = found or any(sign in text for sign in SIGNS)
        held = text[-LONGEST_SIGN:]
    if not found:
        raise DataError("no_atoms", "The structure file has no atoms: is it cut short?")
