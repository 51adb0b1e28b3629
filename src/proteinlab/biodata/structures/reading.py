"""PDB and mmCIF files, read by Biopython."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from Bio import Align, SeqIO
from Bio.PDB import MMCIFParser, PDBParser
from Bio.PDB.PDBExceptions import PDBConstructionException, PDBConstructionWarning

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.formats import Format, recognise
from proteinlab.biodata.residues import IntArray
from proteinlab.biodata.streams import read_chunks
from proteinlab.biodata.structures.census import LETTERS, UNKNOWN, is_amino_acid
from proteinlab.biodata.structures.chains import BACKBONE, Chain, Floats

# Biopython takes some 2.5 kB for an atom, all models together.
MOST_ATOMS = 1_000_000


@dataclass(frozen=True, slots=True)
class Structure:
    """The first model of a file. `model` is Biopython's, with the residues of `chains` and nothing else."""

    name: str
    chains: list[Chain]
    models: int
    insertion_codes: int  # residues that have one
    alternatives: int  # residues with alternative places; those with the highest occupancy are taken
    notes: list[str]  # what Biopython had to overlook
    model: Any


def read_structure(path: Path, name: str | None = None, most_atoms: int = MOST_ATOMS) -> Structure:
    """Chains of amino acids in the order of the file; water, ligands and nucleic acids are left out.

    Of several models (NMR) the first is taken; of alternative places those with the highest occupancy; residues
    with insertion codes stand in the file's order. Raises DataError: no_protein_chain, bad_structure,
    structure_too_large, not_a_structure, and what `read_chunks` raises.
    """
    source = recognise(path)
    if source.kind != "structure":
        raise DataError("not_a_structure", f"This is a {source.kind} ({source.format}), not PDB or mmCIF.", 1)
    text = b"".join(read_chunks(path)).decode("utf-8", "replace")
    atoms = text.count("\nATOM") + text.count("\nHETATM")
    if atoms > most_atoms:
        detail = f"The structure has {atoms:,} atoms, over {most_atoms:,}: give its chains as several files."
        raise DataError("structure_too_large", detail)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        parsed = _parse(text, source.format)
        listed = _listed_sequences(text, source.format)
    models = list(parsed)
    if not models:
        raise DataError("bad_structure", "The file has atoms but no model: is its atom table complete?")
    model = models[0]
    names = sorted({residue.get_resname().strip() for residue in model.get_residues()})
    kept = list(_keep_protein(model))
    if not kept:
        there = f": it has {', '.join(names[:10])}" if names else ""
        detail = f"The structure has no chain of amino acids{there}. Give one with a protein."
        raise DataError("no_protein_chain", detail)
    residues = [residue for chain in kept for residue in chain]
    return Structure(
        name=name or path.name.removesuffix(".gz").rpartition(".")[0],
        chains=[_chain(chain, listed.get(chain.id)) for chain in kept],
        models=len(models),
        insertion_codes=sum(residue.id[2] != " " for residue in residues),
        alternatives=sum(bool(residue.is_disordered()) for residue in residues),
        notes=sorted({str(one.message) for one in caught if issubclass(one.category, PDBConstructionWarning)}),
        model=model,
    )


def _parse(text: str, form: Format) -> Any:
    parser = PDBParser(QUIET=False) if form is Format.PDB else MMCIFParser(QUIET=False)
    try:
        return parser.get_structure("structure", io.StringIO(text))
    except (PDBConstructionException, ValueError, KeyError, IndexError) as error:
        raise DataError("bad_structure", f"The structure cannot be read ({error}): download it again.") from error


def _listed_sequences(text: str, form: Format) -> dict[str, str]:
    """Of each chain the sequence that was studied (SEQRES, _pdbx_poly_seq_scheme), where the file has it."""
    if form is Format.MMCIF and "_pdbx_poly_seq_scheme." not in text:
        return {}
    records = SeqIO.parse(io.StringIO(text), "pdb-seqres" if form is Format.PDB else "cif-seqres")
    return {record.annotations["chain"]: str(record.seq) for record in records}


def _keep_protein(model: Any) -> Iterator[Any]:
    """Takes everything but amino acids out of a model; gives the chains that have any."""
    for chain in list(model):
        for residue in list(chain):
            _choose_alternative(residue)
            if not _is_amino_acid(residue):
                chain.detach_child(residue.id)
        if len(chain):
            yield chain
        else:
            model.detach_child(chain.id)


def _choose_alternative(residue: Any) -> None:
    """Of a point mutation in the crystal, the residue with the most occupied atoms (first of equals)."""
    if residue.is_disordered() == 2:
        names = residue.disordered_get_id_list()
        residue.disordered_select(max(names, key=lambda name: _occupancy(residue.disordered_get(name))))


def _occupancy(residue: Any) -> float:
    values = [atom.get_occupancy() or 0.0 for atom in residue]
    return sum(values) / len(values) if values else 0.0


def _is_amino_acid(residue: Any) -> bool:
    return is_amino_acid(residue.get_resname(), residue.id[0] != " ", {atom.id for atom in residue})


def _chain(chain: Any, listed: str | None) -> Chain:
    residues = list(chain)
    sequence = "".join(LETTERS.get(residue.get_resname(), UNKNOWN) for residue in residues)
    full, positions = _placed(sequence, listed)
    numbers = tuple(f"{residue.id[1]}{residue.id[2].strip()}" for residue in residues)
    return Chain(chain.id, sequence, full, positions, numbers, np.stack([_backbone(one) for one in residues]))


def _backbone(residue: Any) -> Floats:
    missing = np.full(3, np.nan, dtype=np.float32)
    return np.stack([residue[name].coord if name in residue else missing for name in BACKBONE])


def _placed(sequence: str, listed: str | None) -> tuple[str, IntArray]:
    """The full sequence and the place of each residue in it: by alignment, without mismatches or insertions.

    Where the file's own list does not contain the residues in their order, it is not believed.
    """
    alone = sequence, np.arange(len(sequence))
    if not listed or len(listed) < len(sequence):
        return alone
    aligner = Align.PairwiseAligner(
        mode="global", match_score=2, mismatch_score=-1000, open_gap_score=-2, extend_gap_score=-0.01
    )
    aligner.wildcard = UNKNOWN
    best = aligner.align(listed, sequence)[0]
    positions = np.concatenate([np.arange(start, stop) for start, stop in best.aligned[0]])
    return (listed, positions.astype(np.int64)) if len(positions) == len(sequence) else alone
