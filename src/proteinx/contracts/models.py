"""Registered models, a thin view of MLflow's registry."""

from datetime import datetime

from pydantic import BaseModel, Field

from proteinx.contracts.phrases import Words


class ModelVersionCreate(BaseModel):
    job_id: str = Field(pattern=r"^[0-9a-f]{32}$")


class ModelVersionView(BaseModel):
    name: str
    version: str
    job_id: str | None
    aliases: list[str]
    uri: str
    description: str = ""
    """Markdown."""
    created_at: datetime


class GateCheck(BaseModel):
    name: str
    """evaluation, baselines, leakage or model_card."""
    passed: bool
    detail: str
    words: Words | None = None
    """The detail by its code."""


class Gate(BaseModel):
    """Whether a version may become the champion, by what its run left."""

    passed: bool
    checks: list[GateCheck]


class RollBack(BaseModel):
    reason: str = Field(default="", max_length=1000)


class ModelView(BaseModel):
    name: str
    owner: str = ""
    """Empty where nobody's name is on it: an admin's business then."""
    description: str = ""
    """Markdown."""
    aliases: dict[str, str] = {}
    """Alias -> version."""
    latest: ModelVersionView | None


class Description(BaseModel):
    description: str = Field(max_length=50_000)
    """Markdown; replaces what was there."""


class AliasSet(BaseModel):
    version: str = Field(pattern=r"^[1-9]\d{0,8}$")
    reason: str = Field(default="", max_length=1000)
    force: bool = False
    """Past a gate that refuses: for admins, and recorded as such."""


class AliasMove(BaseModel):
    """One move of an alias, as the audit log has it."""

    at: datetime
    actor: str
    alias: str
    version: str | None
    """Null: the alias was taken away."""
    previous: str | None
    reason: str
    rolled_back: bool = False
    """Back to the version that had it before."""
    forced: bool = False
    checks: list[GateCheck] = []
    """What the gate found, where there was one to pass."""
