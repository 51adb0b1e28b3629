"""Messages of the WebSocket `/api/live`.

A client sends `subscribe` and `unsubscribe`; the master sends `log`, `job`, `metrics`, `node`, `ping` and `error`.
Topics: `log:<job_id>` or `log:<job_id>/<rank>` (resumes at `attempt` and `offset`; `job` messages of that job come
too, each after the log up to then), `job:<job_id>`, `jobs`, `nodes`.
"""

from typing import Any, Literal

from pydantic import BaseModel

from proteinx.contracts.phrases import Words


class Subscribe(BaseModel):
    op: Literal["subscribe", "unsubscribe"]
    topic: str
    attempt: int = 0
    """Of a log: where to resume; 0 = from the first attempt."""
    offset: int = 0


class LogMessage(BaseModel):
    type: Literal["log"] = "log"
    job_id: str
    attempt: int
    rank: int
    offset: int
    """Of the first byte of `text` in this attempt's log."""
    size: int
    """Bytes that `text` stands for; the next message starts at offset + size."""
    text: str


class JobMessage(BaseModel):
    type: Literal["job"] = "job"
    job_id: str
    state: str
    attempt: int
    reason: str
    reason_words: Words | None = None


class NodeMessage(BaseModel):
    type: Literal["node"] = "node"
    node_id: str
    data: dict[str, Any]


class PingMessage(BaseModel):
    type: Literal["ping"] = "ping"


class LiveError(BaseModel):
    """A subscription that can't be had, or a message that makes no sense; the connection goes on."""

    type: Literal["error"] = "error"
    error: str
    detail: str
    topic: str | None = None
