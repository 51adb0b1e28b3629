"""The quality report of a file: one pass over it, in bounded memory."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from proteinlab.biodata.alignment.blocks import alignment_blocks
from proteinlab.biodata.alignment.pieces import PARSERS
from proteinlab.biodata.blocks import GapRule
from proteinlab.biodata.findings import SEVERITY_ORDER, Finding
from proteinlab.biodata.formats import TABLES, Format, Source, recognise
from proteinlab.biodata.labels import LabelProfile
from proteinlab.biodata.profile import Lengths, SequenceTally
from proteinlab.biodata.readers import columns_of, read_blocks
from proteinlab.biodata.records import Columns
from proteinlab.biodata.streams import read_chunks
from proteinlab.biodata.structures.census import Census, StructureProfile
from proteinlab.biodata.survey import Survey
from proteinlab.biodata.variants.claims import VariantProfile


@dataclass(frozen=True, slots=True)
class QualityReport:
    """`kind` is sequences, table, variants, alignment, structure or file.

    What a kind has not is None or empty. Of variants, `residues` counts those that mutations bring in; of an alignment,
    lengths count columns. Of a structure, rows are its chains of amino acids. Of pairs, lengths and residues are those
    of both sequences.
    """

    kind: str
    format: str
    gzip: bool
    rows: int | None = None
    columns: Columns | None = None  # of a table: which column was read as what
    lengths: Lengths | None = None
    residues: dict[str, int] = field(default_factory=dict)
    sets: dict[str, int] = field(default_factory=dict)
    labels: LabelProfile | None = None
    variants: VariantProfile | None = None
    structure: StructureProfile | None = None
    findings: list[Finding] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)


def report(path: Path, columns: Columns | None = None, *, name: str | None = None) -> QualityReport:
    """Read a file to its end and say what is in it. `name` is its own name where `path` is a temporary one.

    Raises DataError for what no use of the file could get around: it is to be refused. What a person should
    look at is a finding. Rows of an alignment must be equally long, structures must have atoms; files of other kinds
    are only read through, to prove them whole.
    """
    source = recognise(path, name)
    if source.format is Format.FASTA or source.format in TABLES:
        return _sequence_report(path, columns or columns_of(path, source=source), source)
    if source.format in PARSERS:
        return _alignment_report(path, source)
    if source.kind == "structure":
        return _structure_report(path, source)
    for _ in read_chunks(path):
        continue
    return QualityReport(source.kind, source.format, source.gzip)


def _sequence_report(path: Path, columns: Columns | None, source: Source) -> QualityReport:
    gaps = GapRule()
    with Survey(columns is not None and columns.variant is not None) as survey:
        for block in read_blocks(path, columns, source, gaps):
            survey.add(block)
        variants = None if survey.claims is None else survey.claims.profile()
        if source.format is Format.FASTA:
            survey.refuse_repeated_ids(path, source)
        labels, label_findings = survey.labels.profile(survey.log)
        findings = [
            *survey.findings(ids_given=columns is not None and columns.id is not None),
            *label_findings,
        ]
        return QualityReport(
            kind="variants" if variants else "alignment" if gaps.is_alignment else source.kind,
            format=source.format,
            gzip=source.gzip,
            rows=survey.log.rows,
            columns=columns,
            lengths=None if variants else survey.sequences.lengths(),
            residues=survey.sequences.composition(),
            sets=survey.set_counts(),
            labels=labels,
            variants=variants,
            findings=_by_severity(findings),
        )


def _alignment_report(path: Path, source: Source) -> QualityReport:
    with Survey() as survey:
        for block in alignment_blocks(path, source.format):
            survey.add(block)
        return QualityReport(
            kind=source.kind,
            format=source.format,
            gzip=source.gzip,
            rows=survey.sequences.rows,
            lengths=survey.sequences.lengths(),
            residues=survey.sequences.composition(),
            findings=_by_severity(survey.findings(ids_given=False)),
        )


def _structure_report(path: Path, source: Source) -> QualityReport:
    census = Census(path, source.format)
    findings, block, chains = census.findings(), census.block(), SequenceTally()
    if block is not None:
        chains.add(block)
        findings += chains.findings()
    return QualityReport(
        kind=source.kind,
        format=source.format,
        gzip=source.gzip,
        rows=chains.rows,
        lengths=chains.lengths() if chains.rows else None,
        residues=chains.composition(),
        structure=census.profile(),
        findings=_by_severity(findings),
    )


def _by_severity(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: SEVERITY_ORDER.index(finding.severity))
