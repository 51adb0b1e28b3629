"""Datasets: a name with immutable versions."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from proteinx.contracts.states import JobState

NAME = r"^[^\s/@:\\]{1,100}$"


class ColumnNames(BaseModel):
    """Which columns of a CSV or TSV hold what; null = found by their usual names."""

    sequence: str | None = None
    target: str | None = None
    set: str | None = None
    id: str | None = None
    validation: str | None = None
    mask: str | None = None
    variant: str | None = None


class VersionCreate(BaseModel):
    upload_id: str
    filename: str = Field(min_length=1, max_length=200)
    columns: ColumnNames = ColumnNames()
    description: str = Field(default="", max_length=5000)
    clean: bool = False
    """Stores a cleaned copy; what it left out is in the version's lineage."""


class VersionView(BaseModel):
    dataset: str
    number: int
    filename: str
    kind: str
    """fasta, csv, tsv, structure, alignment or file."""
    sha256: str
    size: int
    rows: int | None
    columns: ColumnNames
    report: dict[str, Any] | None
    """The quality report."""
    lineage: dict[str, Any]
    """`{}` for an upload, `cleaned` for one that was cleaned; else job, inputs, code digest and parameters."""
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
