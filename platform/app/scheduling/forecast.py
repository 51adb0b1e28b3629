"""When a job that waits will start at the latest: placement itself, played forward from end to end of what runs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.scheduling.capacity import Held, NodeCapacity, PendingJob, UserState
from app.scheduling.holding import give, held_by
from app.scheduling.ordering import in_order
from app.scheduling.placement import place
from app.scheduling.policy import Policy

ROUNDS = 60
DEPTH = 60
"""So many ends are looked ahead, and so many jobs in front taken into account; beyond that nobody knows."""


def starts_at(
    job: PendingJob,
    pending: Sequence[PendingJob],
    nodes: Sequence[NodeCapacity],
    now: datetime,
    policy: Policy,
    *,
    running: Sequence[Held],
    users: Mapping[str, UserState],
) -> datetime | None:
    """None where nobody can know, for a job that others will come before by their shares or that has no place."""
    ordered = [ranked.job for ranked in in_order(pending, now, policy, users)]
    position = next(index for index, one in enumerate(ordered) if one.id == job.id)
    if position >= DEPTH:
        return None
    queue, held = ordered[: position + 1], list(running)
    at, rooms = now, list(nodes)
    policy = replace(policy, preemption=False)  # whom it will hit is decided when the time has come
    for _ in range(ROUNDS):
        for placement in place(queue, rooms, at, policy, running=held, users=users).placements:
            if placement.job_id == job.id:
                return at
            placed = next(one for one in queue if one.id == placement.job_id)
            queue.remove(placed)
            new = held_by(placed, placement, at)
            held += new
            rooms = give(rooms, new, -1)
        ends = [one.ends_at for one in held if one.ends_at is not None]
        waits = [one.not_before for one in queue if one.not_before is not None and one.not_before > at]
        upcoming = min([*ends, *waits], default=None)
        if upcoming is None:
            return None
        at = max(at, upcoming)
        over = [one for one in held if one.ends_at is not None and one.ends_at <= at]
        held = [one for one in held if one not in over]
        rooms = give(rooms, over, 1)
    return None
