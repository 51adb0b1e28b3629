"""Who runs where: a pure function from what waits, what runs and what is free to places.

In the order of the queue each job gets the tightest fit, all its members or none. For those in front that do not fit
yet, room is kept; whoever comes after may pass them only on room that they do not need, or if gone before they need it
(EASY backfill, D. Lifka, "The ANL/IBM SP scheduling system", 1995).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.scheduling.capacity import (
    Held,
    NodeCapacity,
    PendingJob,
    Placement,
    Plan,
    Preemption,
    Reservation,
    UserState,
)
from app.scheduling.fitting import Need
from app.scheduling.floor import Floor, Shape
from app.scheduling.ordering import NOBODY, in_order
from app.scheduling.policy import Policy
from app.scheduling.preemption import victims_for
from app.scheduling.room import NEVER, Room, releases_of

LEAVING_SECONDS = 60.0
"""How long a preempted job is thought to need for its checkpoint and its end."""


def place(
    pending: Sequence[PendingJob],
    nodes: Sequence[NodeCapacity],
    now: datetime,
    policy: Policy = Policy(),  # noqa: B008  frozen
    *,
    running: Sequence[Held] = (),
    users: Mapping[str, UserState] | None = None,
) -> Plan:
    """Places for as many jobs as may start now, room kept for those in front, and whom to send back for them."""
    users = users or {}
    one = _Pass(now, policy, Floor(nodes, releases_of(running, now)), running, users)
    for ranked in in_order(pending, now, policy, users):
        job = ranked.job
        if (job.not_before is None or job.not_before <= now) and not one.give(job, ranked.level):
            break
    return one.plan


@dataclass(slots=True)
class _Pass:
    now: datetime
    policy: Policy
    floor: Floor
    running: Sequence[Held]
    users: Mapping[str, UserState]
    plan: Plan = field(default_factory=Plan)
    given: dict[str, UserState] = field(default_factory=dict)
    """What users hold with this pass's places counted in."""

    def give(self, job: PendingJob, level: int) -> bool:
        """Places the job, or keeps room for it. False: nobody may pass it."""
        need = Need.of(job.resources)
        if over_quota(self.given.get(job.owner) or self.users.get(job.owner, NOBODY), need):
            return True
        shape = self.floor.shape(need, job)
        if not shape.possible:
            return True
        found = self.floor.find(shape, job.duration)
        if found is not None:
            self._take(job, level, shape.need, found)
            return True
        if not self.policy.backfill:
            return False
        if len(self.plan.reservations) < self.policy.reservations:
            self._reserve(job, shape)
        return True

    def _take(self, job: PendingJob, level: int, need: Need, found: Sequence[tuple[Room, bool]]) -> None:
        members = []
        for rank, (room, short) in enumerate(found):
            member = room.take(rank, need, short=short)
            members.append(member)
            held = Held(job.id, member.node_id, member.cpus, member.memory, member.gpus)
            room.note_release(job.duration, held)
            self.floor.changed(room)
        self.plan.placements.append(Placement(job.id, tuple(members), level))
        if job.owner in self.users:
            state = self.given.get(job.owner) or self.users[job.owner]
            gpus = state.gpus + need.nodes * need.gpus
            self.given[job.owner] = replace(state, gpus=gpus, jobs=state.jobs + 1)

    def _reserve(self, job: PendingJob, shape: Shape) -> None:
        rooms, after = self._preempt(job, shape) or _soonest(shape)
        if not rooms:
            return
        for room in rooms:
            room.keep(shape.need, after)
            self.floor.changed(room)
        starts_at = None if after == NEVER else self.now + timedelta(seconds=after)
        self.plan.reservations.append(Reservation(job.id, starts_at, tuple(room.node.id for room in rooms)))

    def _preempt(self, job: PendingJob, shape: Shape) -> tuple[list[Room], float] | None:
        if not self.policy.preemption or not any(_is_below(held, job.priority) for held in self.running):
            return None
        found = victims_for(shape, job.priority, self.now)
        if found is None:
            return None
        rooms, victims = found
        for victim in victims:
            self.plan.preemptions.append(Preemption(victim, by=job.id))
            self.floor.leave(victim, LEAVING_SECONDS)
        after = max((_until_it_fits(room, shape.need) for room in rooms), default=0.0)
        return rooms, after


def over_quota(user: UserState, need: Need) -> bool:
    """Whether the user would hold more than allowed with this job."""
    too_many_gpus = user.max_gpus is not None and need.gpus > 0 and user.gpus + need.nodes * need.gpus > user.max_gpus
    return too_many_gpus or (user.max_jobs is not None and user.jobs >= user.max_jobs)


def _is_below(held: Held, priority: int) -> bool:
    return held.priority < priority and (held.preemptible or held.leaving)


def _soonest(shape: Shape) -> tuple[list[Room], float]:
    """The nodes on which it can start first, and in how many seconds; no nodes where that will never be."""
    times = [(after, room) for room in shape.rooms.values() if (after := room.earliest(shape.need)) is not None]
    if len(times) < shape.need.nodes:
        return [], NEVER
    times.sort(key=lambda pair: (pair[0], pair[1].looseness()))
    chosen = times[: shape.need.nodes]
    return [room for _, room in chosen], chosen[-1][0]


def _until_it_fits(room: Room, need: Need) -> float:
    after = room.earliest(need)
    return LEAVING_SECONDS if after is None or after == NEVER else after
