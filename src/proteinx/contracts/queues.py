"""The doorbell: a Celery message that says "look, there is work". It has no authority."""

from typing import Final, Literal

from pydantic import BaseModel, Field

RING_TASK: Final = "proteinx.ring"


class Doorbell(BaseModel):
    """Names one assignment or cancellation; the agent asks the master what it really is.

    Whoever can write to the queue can write anything: what is not shaped like this is dropped unread.
    """

    kind: Literal["start", "cancel", "canary"]
    job_id: str = Field(default="", pattern=r"^([0-9a-f]{32})?$")
    attempt: int = Field(default=0, ge=0)
    rank: int = Field(default=0, ge=0)
    dispatch_id: str = Field(default="", pattern=r"^([0-9a-f]{16})?$")


def node_queue(node_id: str) -> str:
    return f"node.{node_id}"


def transport_options(node_id: str) -> dict[str, object]:
    """What both ends tell Celery's Redis transport: a node touches nothing but keys that begin with its queue's name.

    No ack emulation: a doorbell that is lost is rung again, so the bookkeeping (and the Lua scripts and keys it
    needs) is left out. Both ends use the default exchange, whose routing needs no bindings that a flush could wipe.
    """
    return {
        "client_name": f"proteinx-{node_queue(node_id)}",
        "ack_emulation": False,
        "priority_steps": [0],
        "visibility_timeout": 300,
        "health_check_interval": 25,
        "socket_keepalive": True,
    }
