"""All nodes' room during one pass. For each need the nodes that fit are kept in a heap, and only what has changed since
is looked at again: so a pass over thousands of jobs costs little more than the places it gives out."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.scheduling.capacity import Held, NodeCapacity, PendingJob
from app.scheduling.fitting import Need
from app.scheduling.room import Release, Room

_Entry = tuple[tuple[int, float, float, str], int, int]
"""Looseness, index of the room, its version when it was looked at."""


@dataclass(slots=True)
class Shape:
    """One need on the nodes that may serve it."""

    need: Need
    rooms: dict[int, Room]
    """Those that could hold it with nothing else on them, by index."""
    seen: int = 0
    """How much of the floor's log of changes it knows."""
    heap: list[_Entry] = field(default_factory=list)
    """Rooms that fit a job of any length."""
    gaps: list[Room] = field(default_factory=list)
    """Rooms that fit only a job that is gone before what is kept there is needed."""

    @property
    def possible(self) -> bool:
        return len(self.rooms) >= self.need.nodes


class Floor:
    def __init__(self, nodes: Sequence[NodeCapacity], releases: dict[str, list[Release]]) -> None:
        accepting = [node for node in nodes if node.accepting]
        self.rooms = [Room(node, index, releases.get(node.id)) for index, node in enumerate(accepting)]
        self.by_node = {room.node.id: room for room in self.rooms}
        self._idle = [Room(node, idle=True) for node in accepting]
        self._log: list[int] = []
        self._shapes: dict[tuple[Need, frozenset[str]], Shape] = {}

    def shape(self, need: Need, job: PendingJob) -> Shape:
        key = (need, job.excluded_nodes)
        found = self._shapes.get(key)
        if found is None:
            found = self._shapes[key] = self._new_shape(need, job.excluded_nodes)
        return found

    def _new_shape(self, need: Need, excluded: frozenset[str]) -> Shape:
        able = [room for room, idle in zip(self.rooms, self._idle, strict=True) if idle.suits(need) and idle.fits(need)]
        others = [room for room in able if room.node.id not in excluded]
        # The excluded ones are better than none.
        chosen = others if len(others) >= need.nodes else able
        shape = Shape(need, {room.index: room for room in chosen}, seen=len(self._log))
        self._look(shape, shape.rooms)
        return shape

    def changed(self, room: Room) -> None:
        self._log.append(room.index)

    def find(self, shape: Shape, duration: float | None) -> list[tuple[Room, bool]] | None:
        """A room for each member, best first, and whether it counts as a short job there; None if there are not enough.

        `duration`: seconds that the job may take; None = nobody knows.
        """
        if shape.seen < len(self._log):
            fresh = {index for index in self._log[shape.seen :] if index in shape.rooms}
            shape.seen = len(self._log)
            self._look(shape, fresh)
        chosen: list[tuple[Room, bool]] = []
        if shape.gaps and duration is not None:
            fitting = [room for room in shape.gaps if room.horizon >= duration]
            fitting.sort(key=Room.looseness)
            chosen = [(room, True) for room in fitting[: shape.need.nodes]]
        missing = shape.need.nodes - len(chosen)
        entries = self._pop(shape, missing)
        for entry in entries:
            heapq.heappush(shape.heap, entry)  # a room that is taken is stale from then on
        if len(entries) < missing:
            return None
        return chosen + [(shape.rooms[index], False) for _, index, _ in entries]

    def _pop(self, shape: Shape, count: int) -> list[_Entry]:
        entries: list[_Entry] = []
        while len(entries) < count and shape.heap:
            entry = heapq.heappop(shape.heap)
            if shape.rooms[entry[1]].version == entry[2]:
                entries.append(entry)
        return entries

    def _look(self, shape: Shape, indexes: Sequence[int] | set[int] | dict[int, Room]) -> None:
        shape.gaps = [room for room in shape.gaps if room.index not in indexes]
        for index in sorted(indexes):
            room = shape.rooms[index]
            if room.fits(shape.need):
                heapq.heappush(shape.heap, (room.looseness(), index, room.version))
            elif room.horizon > 0 and room.fits(shape.need, short=True):
                shape.gaps.append(room)

    def leave(self, job_id: str, after: float) -> None:
        """All members of a running job go within `after` seconds, since somebody preempts it."""
        for room in self.rooms:
            if any(release.held.job_id == job_id for release in room.releases):
                room.releases = sorted(
                    (
                        _leaving(release, after) if release.held.job_id == job_id else release
                        for release in room.releases
                    ),
                    key=lambda release: (release.after, release.held.job_id),
                )


def _leaving(release: Release, after: float) -> Release:
    held = release.held
    gone = Held(held.job_id, held.node_id, held.cpus, held.memory, held.gpus, leaving=True)
    return Release(min(release.after, after), gone)
