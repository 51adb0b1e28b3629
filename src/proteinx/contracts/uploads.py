"""Resumable uploads in parts, the one way in for data, checkpoints, artifacts and code."""

from pydantic import BaseModel, Field

SHA256 = r"^[0-9a-f]{64}$"


class UploadOpen(BaseModel):
    """Opens an upload, or finds the actor's unfinished one with the same digest and size again."""

    sha256: str = Field(pattern=SHA256)
    size: int = Field(ge=0)


class UploadView(BaseModel):
    id: str
    sha256: str
    size: int
    part_size: int
    received: list[int]
    """Numbers (from 0) of the parts that the master has."""
    complete: bool
    """Whole and checked: it may be used in a dataset, manifest or snapshot."""


class FileRef(BaseModel):
    """One file of a manifest: where it belongs, and the content that was uploaded for it."""

    path: str = Field(min_length=1, max_length=1024)
    sha256: str = Field(pattern=SHA256)
    size: int = Field(ge=0)
