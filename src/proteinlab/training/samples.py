"""Labelled sequences, read and checked before anything heavy is imported or a GPU is taken."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proteinlab.biodata.formats import data_file
from proteinlab.biodata.records import Record
from proteinlab.training.alphabet import Tokens
from proteinlab.training.batchrule import BatchRule
from proteinlab.training.errors import UserError
from proteinlab.training.regions import Region, encode_record
from proteinlab.training.rows import Level, ResidueLabels, Rows, residue_rows, whole_rows
from proteinlab.training.splits import SPLITS, Split, split_records
from proteinlab.training.tables import ColumnChoice, read_partners, read_table

if TYPE_CHECKING:
    from proteinlab.training.evaluation.kinship import Kinship


@dataclass(frozen=True)
class Samples:
    """Aligned lists, one entry a sequence. `targets` are the file's own words; a task gives them meaning."""

    path: Path
    ids: Sequence[str]
    sequences: Sequence[str]
    tokens: Sequence[Tokens]
    targets: Sequence[str]
    masks: Sequence[str | None]
    """One sign a residue, 1 where it counts; None lets all count."""
    partners: Sequence[str] | None
    """The second sequence of each pair."""
    partner_tokens: Sequence[Tokens] | None
    splits: Sequence[Split]
    lines: Sequence[int]
    region: Region
    max_length: int
    split_source: str
    batch: BatchRule = field(default_factory=lambda: BatchRule("samples", None))
    kinship: "Kinship | None" = None
    """Measured before training only where a leaky split is to be refused."""

    def indices(self, split: Split) -> list[int]:
        return [index for index, mine in enumerate(self.splits) if mine == split]

    def rows(self, level: Level, split: Split) -> Rows:
        """What the file says of a split's sequences, pairs or residues.

        Raises UserError: no_partner, unasked_partner, and what `residue_rows` raises.
        """
        self._check_partners(level)
        index = self.indices(split)
        if level == "residue":
            return residue_rows([self._residue_labels(i) for i in index], self.region)
        return whole_rows([self.targets[i] for i in index], [self.lines[i] for i in index])

    @property
    def longest(self) -> int:
        return max(len(tokens) for tokens in chain(self.tokens, self.partner_tokens or ()))

    def _residue_labels(self, i: int) -> ResidueLabels:
        return ResidueLabels(self.ids[i], len(self.sequences[i]), self.targets[i], self.masks[i], self.lines[i])

    def _check_partners(self, level: Level) -> None:
        if level == "pair" and self.partners is None:
            raise UserError("no_partner", "Pairs need a second sequence: set data.columns.partner=<its column>.")
        if level != "pair" and self.partners is not None:
            raise UserError("unasked_partner", "data.columns.partner is for tasks with task.level=pair: leave it out.")

    def counts(self) -> dict[Split, int]:
        counted = Counter(self.splits)
        return {split: counted[split] for split in SPLITS}

    def summary(self) -> str:
        counts = ", ".join(f"{count} {split}" for split, count in self.counts().items())
        return f"{counts} ({self.split_source}), up to {self.longest} residues"


def read_samples(
    *,
    path: str,
    columns: ColumnChoice,
    region: Mapping[str, Any],
    max_length: int,
    val_fraction: float,
    test_fraction: float,
    split_seed: int,
    batch_size: int | None,
    batch_tokens: int | None,
    leakage: Mapping[str, float | None],
) -> Samples:
    """Read a FASTA, CSV or TSV file, or the only one of a folder, with a target for each sequence or pair of sequences.

    Raises UserError or DataError, with the line, for whatever a model could not learn from.
    """
    batch = BatchRule.of(batch_size, batch_tokens)
    file = data_file(Path(path))
    records = read_table(file, columns)
    window = _window(region, records)
    partners = read_partners(file, columns, records)
    splits, source = split_records(records, val_fraction, test_fraction, split_seed)
    samples = samples_of(file, records, partners, splits, source, region=window, max_length=max_length)
    kinship = _checked_kinship(samples, leakage["refuse_above"])
    return replace(samples, batch=batch, kinship=kinship)


def _window(region: Mapping[str, Any], records: Sequence[Record]) -> Region:
    whole = Region(region["first"], region["last"])
    return whole.trimmed([record.sequence for record in records]) if region["trim"] else whole


def samples_of(
    path: Path,
    records: Sequence[Record],
    partners: Sequence[Record] | None,
    splits: Sequence[Split],
    split_source: str,
    *,
    region: Region,
    max_length: int,
) -> Samples:
    """Raises UserError, with the line, for a record that a model could not take, or without a target."""
    return Samples(
        path=path,
        ids=[record.id for record in records],
        sequences=[record.sequence for record in records],
        tokens=[encode_record(record, region, max_length) for record in records],
        targets=[_target(record) for record in records],
        masks=[record.mask for record in records],
        partners=None if partners is None else [record.sequence for record in partners],
        partner_tokens=None if partners is None else [_partner_tokens(record, max_length) for record in partners],
        splits=splits,
        lines=[record.line for record in records],
        region=region,
        max_length=max_length,
        split_source=split_source,
    )


def _checked_kinship(samples: Samples, refuse_above: float | None) -> "Kinship | None":
    """Raises DataError leaky_split; measures nothing unless told to refuse."""
    if refuse_above is None:
        return None
    from proteinlab.training.evaluation.kinship import measure_kinship  # imports scipy, which few runs need so early

    kinship = measure_kinship(samples.sequences, samples.splits, partners=samples.partners, budget=None)
    kinship.refuse_above(refuse_above)
    return kinship


def _partner_tokens(record: Record, max_length: int) -> Tokens:
    """The partner is seen whole: `data.region` is of the first sequence."""
    return encode_record(replace(record, id=f"partner of {record.id}"), Region(), max_length)


def _target(record: Record) -> str:
    if record.target is None or not record.target.strip():
        raise UserError(
            "missing_target",
            f"'{record.id}' has no target: fill it in or remove the row; if the label is in another column, "
            "set data.columns.target=<its name>.",
            record.line or None,
        )
    return record.target.strip()
