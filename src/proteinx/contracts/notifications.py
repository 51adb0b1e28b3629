"""Notifications: where they go, of what, and what became of them."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field


class NotifyEvent(StrEnum):
    JOB_SUCCEEDED = "job.succeeded"
    JOB_FAILED = "job.failed"
    JOB_CANCELLED = "job.cancelled"
    JOB_HELD = "job.held"
    SWEEP_ENDED = "sweep.ended"
    """A sweep's trials are told by this one alone."""
    NODE_LOST = "node.lost"
    DISK_LOW = "disk.low"


Kind = Literal["webhook", "feishu", "lark", "wecom", "dingtalk", "slack", "email"]
Scope = Literal["own", "everyone"]
Language = Literal["en", "zh"]


class DestinationUpdate(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    events: list[NotifyEvent] = Field(min_length=1, max_length=20)
    scope: Scope = "own"
    """Whose jobs and sweeps; `everyone` is for admins."""
    language: Language = "en"
    paused: bool = False


class DestinationCreate(DestinationUpdate):
    url: str = Field(min_length=1, max_length=2000)
    """What the service's robot gives as its address, `mailtos://...`, or any other http(s) address for a webhook."""
    secret: str | None = Field(default=None, min_length=8, max_length=200)
    """What the robot of Feishu, Lark or DingTalk checks signatures with, or the key that a webhook is signed with;
    without it a webhook gets one."""


class DestinationView(DestinationUpdate):
    id: str
    kind: Kind
    owner: str
    address: str
    """Enough to know it by; the rest is a secret, and never shown again."""
    created_at: datetime
    last_sent_at: datetime | None
    last_error: str
    """Why the last try failed; empty if it did not."""
    waiting: int
    """Notifications that are still to be sent."""


class DestinationMade(DestinationView):
    signing_key: str | None
    """Of a webhook: shown now and never again."""


class NotificationView(BaseModel):
    id: int
    event: NotifyEvent
    title: str
    state: Literal["waiting", "sent", "dropped"]
    tries: int
    error: str
    created_at: datetime
    ended_at: datetime | None


class TestResult(BaseModel):
    __test__ = False

    sent: bool
    detail: str
