"""Steps that fill the table from files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from proteinlab.biodata.clean import clean
from proteinlab.biodata.errors import DataError
from proteinlab.biodata.formats import TABLES, recognise
from proteinlab.biodata.preprocess.run import Run
from proteinlab.biodata.preprocess.table import Table
from proteinlab.biodata.readers import columns_of, read_records
from proteinlab.biodata.tables import read_columns
from proteinlab.biodata.variants.table import read_variants
from proteinlab.biodata.variants.wildtype import Stop, WildType, read_wild_type


@dataclass(frozen=True)
class Clean:
    """Goes on with a cleaned copy of the input; see `clean`. Lines in later errors count in the copy."""

    def __call__(self, table: Table, run: Run) -> Table:
        out = run.temporary / f"cleaned{Path(run.source.name.removesuffix('.gz')).suffix}"
        result = clean(run.source, out, run.columns, name=run.source.name)
        run.source = out
        run.notes["cleaned"] = result.to_dict()
        print(f"  {result.kept:,} of {result.read:,} records kept", flush=True)
        for one in result.rules:
            print(f"  {one.rule}: {one.count:,}, lines {', '.join(map(str, one.lines[:5]))}", flush=True)
        return table


@dataclass(frozen=True)
class ReadSequences:
    """`keep` names further columns of a table to hand on. The second sequence of pairs is handed on as it stands."""

    keep: Sequence[str] = ()

    def __call__(self, table: Table, run: Run) -> Table:
        columns = run.columns or columns_of(run.source)
        read = Table(list(read_records(run.source, columns)))
        partner = [columns.partner] if columns is not None and columns.partner is not None else []
        return _with_kept(read, run.source, list(dict.fromkeys([*self.keep, *partner])))


@dataclass(frozen=True)
class ReadVariants:
    """Variants become sequences of a wild type: `sequence`, or the FASTA file `path`. Adds the columns `variant` and
    `mutations` (how many). `first` is the number of the wild type's first residue.
    """

    path: str | None = None
    sequence: str | None = None
    first: int | None = None
    stop: Stop = "keep"
    keep: Sequence[str] = ()

    def __call__(self, table: Table, run: Run) -> Table:
        variants = list(read_variants(run.source, self._wild_type(), run.columns, self.stop))
        made = Table([variant.record for variant in variants])
        made = made.with_column("variant", [",".join(map(str, one.mutations)) or "WT" for one in variants])
        made = made.with_column("mutations", [len(one.mutations) for one in variants])
        return _with_kept(made, run.source, self.keep)

    def _wild_type(self) -> WildType:
        if (self.path is None) == (self.sequence is None):
            raise DataError("no_wild_type", "Give the wild type: wild_type.path=FILE or wild_type.sequence=LETTERS.")
        if self.path is not None:
            return read_wild_type(Path(self.path), self.first)
        return WildType(str(self.sequence).upper(), 1 if self.first is None else self.first)


def _with_kept(table: Table, path: Path, keep: Sequence[str]) -> Table:
    if not keep:
        return table
    source = recognise(path)
    if source.format not in TABLES:
        raise DataError("missing_column", f"The file is {source.format}, without columns: no '{keep[0]}'.", 1)
    rows = list(read_columns(path, source.delimiter, keep))
    for name, values in zip(keep, zip(*rows, strict=True), strict=True):
        table = table.with_column(name, values)
    return table
