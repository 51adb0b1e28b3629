"""Steps for alignments: the table's sequences are then its rows, with gaps."""

from dataclasses import dataclass, replace

import numpy as np

from proteinlab.biodata.alignment.alignment import Alignment, trim_columns
from proteinlab.biodata.alignment.files import read_alignment, write_alignment
from proteinlab.biodata.alignment.matrix import identity_matrix
from proteinlab.biodata.alignment.multiple import align_many
from proteinlab.biodata.alignment.profile import PSEUDOCOUNTS, profile
from proteinlab.biodata.preprocess.run import Run
from proteinlab.biodata.preprocess.table import Table
from proteinlab.biodata.records import Record
from proteinlab.biodata.residues import STANDARD


@dataclass(frozen=True)
class ReadAlignment:
    """Stockholm, Clustal, MSF, aligned FASTA, A2M or A3M."""

    def __call__(self, table: Table, run: Run) -> Table:
        found = read_alignment(run.source)
        run.notes["alignment"] = {"rows": len(found), "columns": found.width}
        print(f"  {len(found):,} rows of {found.width:,} columns", flush=True)
        return Table([Record(name, row) for name, row in zip(found.ids, found.rows, strict=True)])


@dataclass(frozen=True)
class Align:
    def __call__(self, table: Table, run: Run) -> Table:
        found = align_many([record.id for record in table.records], table.sequences, run.workers.processes)
        run.notes["alignment"] = {"rows": len(found), "columns": found.width}
        print(f"  {len(found):,} rows of {found.width:,} columns", flush=True)
        return _with_rows(table, found)


@dataclass(frozen=True)
class Trim:
    """Drops columns with a larger share of gaps than `most_gaps`; `trimmed` in notes.json says which stay."""

    most_gaps: float = 0.5

    def __call__(self, table: Table, run: Run) -> Table:
        found, kept = trim_columns(_alignment(table), self.most_gaps)
        run.notes["trimmed"] = {"most_gaps": self.most_gaps, "kept": kept.tolist()}
        print(f"  {found.width:,} columns kept", flush=True)
        return _with_rows(table, found)


@dataclass(frozen=True)
class IdentityMatrix:
    """Writes identity.npz: `ids` and `identity`, shape (n, n)."""

    def __call__(self, table: Table, run: Run) -> Table:
        found = identity_matrix(table.sequences, run.workers)
        ids = np.array([record.id for record in table.records])
        np.savez_compressed(run.dataset / "identity.npz", ids=ids, identity=found)
        return table


@dataclass(frozen=True)
class WriteAlignment:
    """Writes alignment.fasta and profile.npz (letters, frequencies, pssm, gaps, information, weights)."""

    pseudocounts: float = PSEUDOCOUNTS

    def __call__(self, table: Table, run: Run) -> Table:
        alignment = _alignment(table)
        write_alignment(alignment, run.dataset / "alignment.fasta")
        found = profile(alignment, self.pseudocounts)
        np.savez_compressed(
            run.dataset / "profile.npz",
            letters=np.array(list(STANDARD.decode())),
            frequencies=found.frequencies,
            pssm=found.pssm,
            gaps=found.gaps,
            information=found.information,
            weights=found.weights,
        )
        run.write_notes()
        print(f"  {len(alignment):,} rows of {alignment.width:,} columns in datasets/{run.name}", flush=True)
        return table


def _alignment(table: Table) -> Alignment:
    return Alignment([record.id for record in table.records], table.sequences)


def _with_rows(table: Table, alignment: Alignment) -> Table:
    pairs = zip(table.records, alignment.rows, strict=True)
    return Table([replace(record, sequence=row) for record, row in pairs], table.columns)
