"""For each node: why a job that waits is not there, as the rest of a sentence that begins with the node's name."""

from collections.abc import Mapping, Sequence

from app.scheduling.capacity import NodeCapacity, PendingJob
from app.scheduling.fitting import candidates, shortage
from proteinx.contracts.phrases import say


def reasons(job: PendingJob, nodes: Sequence[NodeCapacity], kept: Mapping[str, str] | None = None) -> dict[str, str]:
    """By the node's name. `kept`: node id -> the name of a job in front for which room is kept there."""
    allowed = {node.id for node in candidates(job, [other for other in nodes if other.accepting])}
    return {node.name: _reason(job, node, allowed, (kept or {}).get(node.id)) for node in nodes}


def _reason(job: PendingJob, node: NodeCapacity, allowed: set[str], kept_for: str | None) -> str:
    if not node.accepting:
        return node.why_not or say("takes_none")
    if node.id not in allowed:
        return say("avoided")
    lacking = shortage(job.resources, node)
    if lacking is not None:
        return lacking
    if kept_for is not None:
        return say("room_kept", job=kept_for)
    if job.resources.nodes > 1:
        return say("room_for_one", members=job.resources.nodes)
    return say("has_room")
