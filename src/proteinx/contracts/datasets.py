"""Datasets: a name with immutable versions."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from proteinx.contracts.states import JobState

NAME = r"^[^\s/@:\\]{1,100}$"

CLEANED = "ProteinX-Cleaned"
"""Header beside a cleaned copy: `Cleaned` as JSON."""


class ColumnNames(BaseModel):
    """Which columns of a CSV or TSV hold what; null = found by their usual names."""

    sequence: str | None = None
    target: str | None = None
    set: str | None = None
    id: str | None = None
    validation: str | None = None
    mask: str | None = None
    variant: str | None = None
    partner: str | None = None


class VersionCreate(BaseModel):
    upload_id: str
    filename: str = Field(min_length=1, max_length=200)
    columns: ColumnNames = ColumnNames()
    description: str = Field(default="", max_length=5000)
    clean: bool = False
    """Keep a cleaned copy in place of the file: without repeats and records that nothing can use."""


class CleaningRule(BaseModel):
    rule: str
    count: int
    lines: list[int]
    """The first twenty."""


class Cleaned(BaseModel):
    read: int
    kept: int
    rules: list[CleaningRule]


class FileView(BaseModel):
    path: str
    sha256: str
    size: int


class VersionView(BaseModel):
    dataset: str
    number: int
    filename: str
    kind: str
    """fasta, csv, tsv, variants, structure, alignment or file."""
    sha256: str
    size: int
    rows: int | None
    columns: ColumnNames
    files: list[FileView]
    report: dict[str, Any] | None
    """The quality report; its `cleaned` says what cleaning dropped, by rule and line."""
    lineage: dict[str, Any]
    """`{}` for an upload; else job, inputs, code digest and parameters that made it."""
    created_by: str
    created_at: datetime


class DatasetView(BaseModel):
    name: str
    description: str
    owner: str
    versions: int
    latest: VersionView | None
    created_at: datetime


class DependentJob(BaseModel):
    id: str
    name: str
    owner: str
    entry_point: str
    state: JobState
    versions: list[int]
    """Of the dataset, that it takes in."""
    created_at: datetime


class Dependents(BaseModel):
    """What was made with a dataset, or is about to be."""

    jobs: list[DependentJob]
    """Newest first."""

    live_jobs: list[str]
    """While there is one, the dataset can't be deleted."""
    ended_jobs: list[str]
    datasets: list[str]
    """`<dataset>@<version>` of those that jobs made from it."""
