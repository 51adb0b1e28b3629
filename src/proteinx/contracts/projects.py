"""Projects, their snapshots and the form that a person fills in."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from proteinx.contracts.jobs import EnvironmentKind

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"


class ParameterView(BaseModel):
    name: str
    type: str
    """string, float, path or uri, as in MLproject."""
    default: str | None
    required: bool


class EntryPointView(BaseModel):
    name: str
    parameters: list[ParameterView]
    command: str
    config_name: str | None
    """The Hydra config of the entry point's script, where it has one."""


class SnapshotCreate(BaseModel):
    """An uploaded archive (`proteinx.contracts.snapshot.pack`) becomes the project's newest snapshot."""

    upload_id: str | None = None
    """Null asks for a snapshot that the master has already, so that nothing need be sent; 404 if it has not."""
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    source: dict[str, str] = {}
    """Where it came from: git uri, commit, dirty, host."""


class GitSource(BaseModel):
    """Code that the master fetches itself: one commit of a git repository."""

    uri: str = Field(min_length=1, max_length=1000)
    version: str | None = Field(default=None, max_length=200)
    """Branch, tag or commit; null = the repository's default branch."""
    subdirectory: str = Field(default="", max_length=500)
    """Where the folder with MLproject lies in the repository; empty = at its root."""


class SnapshotView(BaseModel):
    digest: str
    project: str
    size: int
    files: int
    project_path: str
    """Where the folder with MLproject lies inside the snapshot."""
    entry_points: list[EntryPointView]
    source: dict[str, str]
    created_at: datetime


class ProjectView(BaseModel):
    name: str
    owner: str | None
    """Null for a project that comes with ProteinX."""
    snapshot: SnapshotView | None
    created_at: datetime


class FormField(BaseModel):
    key: str
    """Dotted Hydra key, or a config group's name."""
    kind: Literal["choice", "integer", "number", "boolean", "string", "list", "mapping"]
    default: Any
    required: bool
    help: str
    choices: list[str] = []
    group: bool = False


class FormSchema(BaseModel):
    """What may be set for one entry point; `checked_on` says who can check it in full."""

    project: str
    entry_point: str
    snapshot: str
    inputs: list[ParameterView]
    parameters: list[ParameterView]
    fields: list[FormField]
    checked_on: Literal["master", "worker"]
    environments: dict[EnvironmentKind, str] = {}
    """Environments that the project declares, each with the file or image that it is made from."""
