"""How a node is, from the age of its last heartbeat by the master's clock."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from app.clock import now
from app.models import Node
from proteinx.contracts.nodes import NodeHealth
from proteinx.contracts.system import SystemSettings


def last_heard(node: Node | Row[Any]) -> datetime:
    heard: datetime = node.last_heartbeat_at or node.joined_at
    return heard


def of(node: Node, settings: SystemSettings, ready_at: datetime) -> NodeHealth:
    """Online only while heard of lately; lost only after a silence that the master was up to hear."""
    at = now()
    if at - last_heard(node) <= timedelta(seconds=settings.suspect_seconds):
        return NodeHealth.ONLINE
    silence = at - max(last_heard(node), ready_at)
    return NodeHealth.SUSPECT if silence <= timedelta(seconds=settings.lease_seconds) else NodeHealth.LOST
