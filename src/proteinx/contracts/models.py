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


class ModelView(BaseModel):
    name: str
    latest: ModelVersionView | None
