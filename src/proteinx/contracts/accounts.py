"""People, their roles and tokens."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field

NAME = r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$"


class Role(StrEnum):
    VIEWER = "viewer"
    MEMBER = "member"
    ADMIN = "admin"


class Setup(BaseModel):
    """First run: the one-time token that the server printed makes the first admin."""

    setup_token: str = Field(max_length=200)
    name: str = Field(pattern=NAME)
    password: str = Field(min_length=10, max_length=256)


class SignIn(BaseModel):
    name: str = Field(max_length=64)
    password: str = Field(max_length=256)


class UserCreate(BaseModel):
    name: str = Field(pattern=NAME)
    password: str = Field(min_length=10, max_length=256)
    role: Role = Role.MEMBER


class UserUpdate(BaseModel):
    role: Role | None = None
    password: str | None = Field(default=None, min_length=10, max_length=256)
    disabled: bool | None = None
    current_password: str | None = Field(default=None, max_length=256)
    """Needed where people change their own password."""


class UserView(BaseModel):
    id: str
    name: str
    role: Role
    disabled: bool
    created_at: datetime


class TokenCreate(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    days: int = Field(default=90, ge=1, le=3650)


class TokenView(BaseModel):
    id: str
    name: str
    owner: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class TokenCreated(TokenView):
    token: str
    """Shown this once; the master keeps a hash only."""


class JoinTokenCreate(BaseModel):
    uses: int = Field(default=1, ge=1, le=1000)
    hours: float = Field(default=1.0, gt=0, le=24 * 30)


class JoinTokenCreated(BaseModel):
    token: str
    uses: int
    expires_at: datetime
    command: str
    """What to paste on the machine that joins."""


class AuditEntryView(BaseModel):
    id: int
    at: datetime
    actor: str
    action: str
    """`<noun>.<verb>`: session.open, session.refuse, user.create, token.revoke, workdir.set, ..."""
    object: str
    client: str
    """The address it came from."""
    detail: dict[str, Any]
