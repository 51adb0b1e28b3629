"""Registered models, a thin view of MLflow's registry."""

from datetime import datetime

from pydantic import BaseModel, Field


class ModelVersionCreate(BaseModel):
    job_id: str = Field(pattern=r"^[0-9a-f]{32}$")


class ModelVersionView(BaseModel):
    name: str
    version: str
    job_id: str | None
    aliases: list[str]
    uri: str
    created_at: datetime


class GateCheck(BaseModel):
    name: str
    """evaluation, baselines, leakage or model_card."""
    passed: bool
    detail: str


class Gate(BaseModel):
    """Whether a version may become the champion, by what its run left."""

    passed: bool
    checks: list[GateCheck]


class Promote(BaseModel):
    version: str = Field(pattern=r"^[1-9]\d{0,8}$")
    reason: str = Field(min_length=1, max_length=2000)
    """Why; kept with who and when."""
    force: bool = False
    """Past a gate that refuses: for admins, and recorded as such."""


class RollBack(BaseModel):
    reason: str = Field(min_length=1, max_length=2000)


class Promotion(BaseModel):
    at: datetime
    actor: str
    alias: str
    version: str
    previous: str | None
    """The version that had the alias before."""
    reason: str
    forced: bool
    checks: list[GateCheck]


class ModelView(BaseModel):
    name: str
    latest: ModelVersionView | None
