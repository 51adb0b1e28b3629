"""What a structure file holds, found in one pass for the quality report: no coordinates are kept."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from Bio.Data.PDBData import protein_letters_3to1_extended

from proteinlab.biodata.blocks import Ids, Labels, SequenceBlock, build_block
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.findings import Finding, Marks, noted
from proteinlab.biodata.formats import Format
from proteinlab.biodata.structures.atomrows import AtomRow, atom_rows

LETTERS: dict[str, str] = protein_letters_3to1_extended  # MSE is M, SEC is U
UNKNOWN = "X"
BACKBONE = frozenset({"N", "CA", "C"})
OTHERS_SHOWN = 10


def is_amino_acid(name: str, hetero: bool, atoms: frozenset[str] | set[str]) -> bool:
    """Known amino acids with a C-alpha atom; others (UNK, modified ones) if they have a whole backbone."""
    return "CA" in atoms and ((not hetero and name in LETTERS) or atoms >= BACKBONE)


@dataclass(frozen=True, slots=True)
class StructureProfile:
    """Of the first model. `chains` counts the amino acids with coordinates, `others` the ten most frequent residues
    that are none: water, ligands, nucleic acids. `insertion_codes` and `alternatives` count residues.
    """

    models: int
    chains: dict[str, int]
    others: dict[str, int]
    insertion_codes: int
    alternatives: int


@dataclass(slots=True)
class _Residue:
    line: int
    name: str
    hetero: bool
    insertion: bool
    alternative: bool = False
    backbone: set[str] = field(default_factory=set)

    @property
    def is_amino_acid(self) -> bool:
        return is_amino_acid(self.name, self.hetero, self.backbone)


class Census:
    """Memory grows with the number of residues: some 500 bytes for each."""

    def __init__(self, path: Path, form: Format) -> None:
        """Reads the file to its end. Raises DataError: no_atoms, bad_structure, and what `read_chunks` raises."""
        self._chains: dict[str, dict[str, _Residue]] = {}
        self._models = 0
        for row in atom_rows(path, form):
            self._models = max(self._models, row.model + 1)
            if row.model == 0:
                self._add(row)
        if not self._chains:
            raise DataError("no_atoms", "The structure file has no atoms: is it cut short?")

    def _add(self, row: AtomRow) -> None:
        residues = self._chains.setdefault(row.chain, {})
        number = f"{row.number}{row.insertion}"
        residue = residues.get(number)
        if residue is None:
            residue = residues[number] = _Residue(row.line, row.residue, row.hetero, bool(row.insertion))
        residue.alternative |= bool(row.alternative)
        if row.atom in BACKBONE:
            residue.backbone.add(row.atom)

    def profile(self) -> StructureProfile:
        found = [one for residues in self._chains.values() for one in residues.values()]
        amino = [one for one in found if one.is_amino_acid]
        others = Counter(one.name for one in found if not one.is_amino_acid)
        return StructureProfile(
            models=self._models,
            chains={name: len(text) for name, (_, text) in self._sequences().items()},
            others=dict(others.most_common(OTHERS_SHOWN)),
            insertion_codes=sum(one.insertion for one in amino),
            alternatives=sum(one.alternative for one in amino),
        )

    def block(self) -> SequenceBlock | None:
        """The chains' sequences; `lines` are those of their first atoms. None without a chain of amino acids."""
        found = self._sequences()
        if not found:
            return None
        names = [name.encode() for name in found]
        lines = np.array([line for line, _ in found.values()], dtype=np.int64)
        ids = Ids(np.fromiter(map(hash, names), dtype=np.int64, count=len(names)), lambda: names)
        texts = [text.encode("ascii") for _, text in found.values()]
        return build_block(texts, lines, ids=ids, labels=Labels(), line_of=lambda _: int(lines[0]))

    def findings(self) -> list[Finding]:
        profile = self.profile()
        found = []
        if not profile.chains:
            there = ", ".join(f"{name} {count:,}" for name, count in profile.others.items())
            detail = "No chain of amino acids, only {there}: nothing to learn from as a protein."
            found.append(noted("no_protein_chain", "error", detail, 0, there=there))
        if profile.models > 1:
            detail = "{models} models (as NMR gives them): the first is used."
            found.append(noted("several_models", "info", detail, profile.models, models=profile.models))
        return [
            *found,
            *self._marked("insertion").finding(
                "insertion_code", "info", "{count} residues have insertion codes (52A): they stay in the file's order."
            ),
            *self._marked("alternative").finding(
                "alternative_place", "info", "{count} residues have alternative places: the most occupied are used."
            ),
        ]

    def _sequences(self) -> dict[str, tuple[int, str]]:
        """Of each chain of amino acids the line it starts on, and its sequence."""
        found = {}
        for name, residues in self._chains.items():
            amino = [one for one in residues.values() if one.is_amino_acid]
            if amino:
                found[name] = (amino[0].line, "".join(LETTERS.get(one.name, UNKNOWN) for one in amino))
        return found

    def _marked(self, what: str) -> Marks:
        marks = Marks()
        for residues in self._chains.values():
            marks.add(one.line for one in residues.values() if one.is_amino_acid and getattr(one, what))
        return marks
