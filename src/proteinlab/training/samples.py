"""Labelled sequences, read and checked before anything heavy is imported or a GPU is taken."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from proteinlab.biodata.formats import data_file
from proteinlab.biodata.records import Record
from proteinlab.training.alphabet import Tokens
from proteinlab.training.errors import UserError
from proteinlab.training.regions import Region, encode_record
from proteinlab.training.splits import SPLITS, Split, split_records
from proteinlab.training.tables import read_table


@dataclass(frozen=True)
class Samples:
    """Aligned lists, one entry a sequence. `targets` are the file's own words; a task gives them meaning."""

    path: Path
    ids: Sequence[str]
    sequences: Sequence[str]
    tokens: Sequence[Tokens]
    targets: Sequence[str]
    splits: Sequence[Split]
    lines: Sequence[int]
    region: Region
    max_length: int
    batch_size: int
    split_source: str

    def indices(self, split: Split) -> list[int]:
        return [index for index, mine in enumerate(self.splits) if mine == split]

    def targets_of(self, split: Split) -> tuple[list[str], list[int]]:
        """Targets of a split, and their lines in the file."""
        index = self.indices(split)
        return [self.targets[i] for i in index], [self.lines[i] for i in index]

    @property
    def longest(self) -> int:
        return max(len(tokens) for tokens in self.tokens)

    def counts(self) -> dict[Split, int]:
        counted = Counter(self.splits)
        return {split: counted[split] for split in SPLITS}

    def summary(self) -> str:
        counts = ", ".join(f"{count} {split}" for split, count in self.counts().items())
        return f"{counts} ({self.split_source}), up to {self.longest} residues"


def read_samples(
    *,
    path: str,
    columns: Mapping[str, str | None],
    region: Mapping[str, int | None],
    max_length: int,
    val_fraction: float,
    test_fraction: float,
    split_seed: int,
    batch_size: int,
) -> Samples:
    """Read a FASTA, CSV or TSV file, or the only one of a folder, with a target for each sequence.

    Raises UserError or DataError, with the line, for whatever a model could not learn from.
    """
    file = data_file(Path(path))
    window = Region(**region)  # type: ignore[arg-type]
    records = read_table(file, columns)
    splits, source = split_records(records, val_fraction, test_fraction, split_seed)
    return Samples(
        path=file,
        ids=[record.id for record in records],
        sequences=[record.sequence for record in records],
        tokens=[encode_record(record, window, max_length) for record in records],
        targets=[_target(record) for record in records],
        splits=splits,
        lines=[record.line for record in records],
        region=window,
        max_length=max_length,
        batch_size=batch_size,
        split_source=source,
    )


def _target(record: Record) -> str:
    if record.target is None or not record.target.strip():
        raise UserError(
            "missing_target",
            f"'{record.id}' has no target: fill it in or remove the row; if the label is in another column, "
            "set data.columns.target=<its name>.",
            record.line or None,
        )
    return record.target.strip()
