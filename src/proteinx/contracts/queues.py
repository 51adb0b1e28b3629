"""The doorbell: a Celery message that says "look, there is work". It has no authority."""

from typing import Final, Literal

from pydantic import BaseModel

RING_TASK: Final = "proteinx.ring"


class Doorbell(BaseModel):
    """Names one assignment or cancellation; the agent asks the master what it really is."""

    kind: Literal["start", "cancel", "canary"]
    job_id: str = ""
    attempt: int = 0
    rank: int = 0
    dispatch_id: str = ""


def node_queue(node_id: str) -> str:
    return f"node.{node_id}"


def transport_options(node_id: str) -> dict[str, object]:
    """Redis keys of one node's consumer, all below its queue's name so that one ACL pattern covers them."""
    queue = node_queue(node_id)
    return {
        "unacked_key": f"{queue}.unacked",
        "unacked_index_key": f"{queue}.unacked_index",
        "unacked_mutex_key": f"{queue}.unacked_mutex",
        "visibility_timeout": 300,
        "health_check_interval": 25,
        "socket_keepalive": True,
    }
