"""The steps for structures: chains become records, and arrays beside them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from proteinlab.biodata.errors import DataError
from proteinlab.biodata.formats import recognise
from proteinlab.biodata.preprocess.archives import unpacked
from proteinlab.biodata.preprocess.run import Run
from proteinlab.biodata.preprocess.table import Table
from proteinlab.biodata.records import Record
from proteinlab.biodata.structures.arrays import chain_arrays
from proteinlab.biodata.structures.reading import MOST_ATOMS, Structure, read_structure
from proteinlab.biodata.structures.secondary import secondary_structure
from proteinlab.biodata.structures.surface import accessibility

Arrays = dict[str, npt.NDArray[np.generic]]
SUFFIXES = (".pdb", ".ent", ".cif", ".mmcif")
UNSAFE = re.compile(r"[^\w.-]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file gives: a record and its arrays by chain, or an error."""

    name: str
    records: tuple[tuple[Record, Arrays], ...] = ()
    notes: dict[str, object] | None = None
    error: DataError | None = None


@dataclass(frozen=True)
class ParseStructures:
    """The input is one PDB or mmCIF file, or a folder or an archive (zip, tar) of them. Each chain becomes a record
    (`NAME_CHAIN`) and a file arrays/NAME_CHAIN.npz; what is in it, `structures.arrays` says. A file that cannot be used
    is an error, unless `skip_bad`: then the notes have its name and fault.
    """

    skip_bad: bool = False
    shortest: int = 1
    most_atoms: int = MOST_ATOMS

    def __call__(self, table: Table, run: Run) -> Table:
        paths = _structure_files(unpacked(run.source, run.temporary / "archive"))
        parsed = run.workers.map("structures", _parse, [str(path) for path in paths], self.most_atoms)
        bad = {one.name: one.error for one in parsed if one.error is not None}
        for name, error in bad.items():
            if not self.skip_bad:
                raise DataError(error.code, f"{name}: {error.detail}", error.line)
        run.notes["skipped"] = {name: error.to_dict() for name, error in bad.items()}
        run.notes["structures"] = {one.name: one.notes for one in parsed if one.notes}
        kept = _named(pair for one in parsed for pair in one.records if len(pair[0].sequence) >= self.shortest)
        if not kept:
            raise DataError("no_protein_chain", f"No chain of {self.shortest} residues or more in {len(paths)} files.")
        folder = run.dataset / "arrays"
        folder.mkdir(exist_ok=True)
        for record, arrays in kept:
            np.savez_compressed(folder / f"{record.id}.npz", allow_pickle=False, **arrays)
        print(f"  {len(kept):,} chains of {len(paths) - len(bad):,} structures, {len(bad):,} skipped", flush=True)
        made = Table([record for record, _ in kept])
        made = made.with_column("full_sequence", [str(arrays["full_sequence"]) for _, arrays in kept])
        return made.with_column("secondary", [str(arrays["secondary"]) for _, arrays in kept])


def _named(pairs: Iterable[tuple[Record, Arrays]]) -> list[tuple[Record, Arrays]]:
    """The second chain of a name (1A8O.pdb and 1A8O.cif in one folder) gets a number."""
    seen: Counter[str] = Counter()
    named = []
    for record, arrays in pairs:
        seen[record.id] += 1
        name = record.id if seen[record.id] == 1 else f"{record.id}_{seen[record.id]}"
        named.append((replace(record, id=name), arrays))
    return named


def _structure_files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    found = [path for path in sorted(source.rglob("*")) if path.is_file() and _is_structure(path)]
    if not found:
        raise DataError("no_structures", f"No PDB or mmCIF file is in the folder '{source.name}'.")
    return found


def _is_structure(path: Path) -> bool:
    """By content; by name too, so that a damaged one is told and not passed over."""
    if path.name.removesuffix(".gz").endswith(SUFFIXES):
        return True
    try:
        return recognise(path).kind == "structure"
    except DataError:  # empty, or binary of an unknown kind: not a structure
        return False


def _parse(path: str, most_atoms: int) -> Parsed:
    name = Path(path).name
    try:
        structure = read_structure(Path(path), most_atoms=most_atoms)
    except DataError as error:
        return Parsed(name, error=error)
    surfaces, secondary = accessibility(structure), secondary_structure(structure.chains)
    records = [
        (
            Record(UNSAFE.sub("_", "_".join([structure.name, *chain.name.split()])), chain.sequence),
            chain_arrays(chain, surfaces[chain.name], secondary[chain.name]),
        )
        for chain in structure.chains
    ]
    return Parsed(name, tuple(records), _notes(structure))


def _notes(structure: Structure) -> dict[str, object]:
    return {
        "models": structure.models,
        "insertion_codes": structure.insertion_codes,
        "alternatives": structure.alternatives,
        "missing_residues": {chain.name: len(chain.missing) for chain in structure.chains},
        "overlooked": structure.notes[:20],
    }
