"""A node's room while one pass gives it out, with what of it is kept for jobs that have to wait.

Kept room is open to jobs that will be gone when it is needed. So a node has two sides: what is free now, and what of
that is also free of all that is kept. A short job needs the first, any other job both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.scheduling.capacity import GpuGrant, Held, MemberPlacement, NodeCapacity
from app.scheduling.fitting import CPU_GRAIN, Need

NEVER: Final = float("inf")
_NO_SLOTS: Final[frozenset[int]] = frozenset()


class Card:
    """One GPU."""

    __slots__ = ("free", "kept", "slots", "total", "uuid")

    def __init__(self, uuid: str, total: int, free: int, slots: frozenset[int]) -> None:
        self.uuid = uuid
        self.total = total
        self.free = free
        self.slots = slots
        self.kept = False

    def is_open(self, need: Need) -> bool:
        return self.free >= need.gpu_memory if need.shares else not self.slots and self.total >= need.gpu_memory


@dataclass(slots=True)
class Release:
    """What becomes free on a node, in so many seconds from now; NEVER where nobody knows."""

    after: float
    held: Held


class Room:
    __slots__ = (
        "cards", "cpus", "horizon", "index", "kept_cpus", "kept_memory", "late_cpus", "late_memory", "memory", "node",
        "releases", "version", "whole",
    )  # fmt: skip

    def __init__(
        self, node: NodeCapacity, index: int = 0, releases: list[Release] | None = None, *, idle: bool = False
    ) -> None:
        """`idle`: as if nothing were on it."""
        self.node = node
        self.index = index
        self.cpus = node.cpus_total if idle else node.cpus_free
        self.memory: float = node.memory_total if idle else node.memory_free
        self.cards = [
            Card(gpu.uuid, gpu.memory_total, gpu.memory_total, _NO_SLOTS)
            if idle
            else Card(gpu.uuid, gpu.memory_total, gpu.memory_free, gpu.slots_used)
            for gpu in node.gpus
        ]
        self.whole = sum(1 for card in self.cards if not card.slots)
        """GPUs that nobody uses."""
        self.version = 0
        """Changes with each change of the room."""
        self.releases = releases if releases is not None else []
        """What runs here, the first to end first."""
        self.horizon = NEVER
        """Seconds until kept room is needed."""
        self.kept_cpus, self.kept_memory = 0.0, 0.0
        self.late_cpus, self.late_memory = NEVER, NEVER
        """What jobs that last past the horizon may still take."""

    # --- does it fit ---

    def suits(self, need: Need) -> bool:
        """Whether the node is one that the job would have, whatever is free on it."""
        if need.names and self.node.name not in need.names:
            return False
        labels = self.node.labels
        return all(labels.get(key) == value for key, value in need.labels)

    def fits(self, need: Need, *, short: bool = False) -> bool:
        """`short`: the job is gone before kept room is needed."""
        if need.cpus > self.cpus + CPU_GRAIN or need.memory > self.memory:
            return False
        if not short and (need.cpus > self.late_cpus + CPU_GRAIN or need.memory > self.late_memory):
            return False
        if need.gpus == 0:
            return True
        if not need.shares and self.whole < need.gpus:
            return False
        return len(self.open_cards(need, short=short)) >= need.gpus

    def open_cards(self, need: Need, *, short: bool) -> list[Card]:
        return [card for card in self.cards if card.is_open(need) and (short or not card.kept)]

    def looseness(self) -> tuple[int, float, float, str]:
        """Best fit: leave the fewest free GPUs, then CPUs, then memory, so that large gaps stay large."""
        return (self.whole, self.cpus, self.memory, self.node.name)

    # --- take ---

    def take(self, rank: int, need: Need, *, short: bool) -> MemberPlacement:
        """The tightest GPUs; of shared ones those that are in use already; a short job takes kept ones first."""
        grants = []
        if need.gpus:
            cards = self.open_cards(need, short=short)
            cards.sort(key=lambda card: (not card.kept, not card.slots, card.free if need.shares else card.total))
            grants = [self._grant(card, need) for card in cards[: need.gpus]]
        self.cpus -= need.cpus
        self.memory -= need.memory
        if not short:
            self.late_cpus -= need.cpus
            self.late_memory -= need.memory
        self.version += 1
        return MemberPlacement(rank, self.node.id, need.cpus, need.memory, tuple(grants))

    def _grant(self, card: Card, need: Need) -> GpuGrant:
        slot, memory = 0, card.total
        if need.shares:
            slot = next(number for number in range(len(card.slots) + 1) if number not in card.slots)
            memory = need.gpu_memory
        self.whole -= not card.slots
        card.slots |= {slot}
        card.free -= memory
        return GpuGrant(card.uuid, slot, memory)

    def note_release(self, after: float | None, held: Held) -> None:
        """For what was placed in this very pass."""
        release = Release(NEVER if after is None else after, held)
        position = next((i for i, other in enumerate(self.releases) if other.after > release.after), len(self.releases))
        self.releases.insert(position, release)

    # --- later ---

    def earliest(self, need: Need) -> float | None:
        """In how many seconds it fits at the latest, if nothing else comes; NEVER = nobody knows, None = never.

        What is kept for others is taken as gone for good.
        """
        later = Later(self)
        if later.fits(need):
            return 0.0
        for release in self.releases:
            later.give_back(release.held)
            if later.fits(need):
                return release.after
        return None

    def keep(self, need: Need, after: float) -> None:
        """Keeps room for one member that starts in `after` seconds, on GPUs that are not free now if it can be."""
        later = Later(self)
        for release in self.releases:
            if release.after > after or (after == NEVER and later.fits(need)):
                break
            later.give_back(release.held)
        cards = [card for card in later.cards if card.is_open(need) and not card.kept]
        open_now = {card.uuid for card in self.cards if card.is_open(need)}
        cards.sort(key=lambda card: (card.uuid in open_now, card.total))
        chosen = {card.uuid for card in cards[: need.gpus]}
        for card in self.cards:
            card.kept = card.kept or card.uuid in chosen
        self.kept_cpus += need.cpus
        self.kept_memory += need.memory
        self.late_cpus = min(self.late_cpus - need.cpus, later.cpus - need.cpus)
        self.late_memory = min(self.late_memory - need.memory, later.memory - need.memory)
        self.horizon = min(self.horizon, 0.0 if after == NEVER else after)
        self.version += 1


class Later:
    """A copy of a room that things are given back to, less what is kept."""

    def __init__(self, room: Room) -> None:
        self.cpus = room.cpus - room.kept_cpus
        self.memory = room.memory - room.kept_memory
        self.cards = [Card(card.uuid, card.total, card.free, card.slots) for card in room.cards]
        self._by_uuid = {card.uuid: card for card in self.cards}
        for card, original in zip(self.cards, room.cards, strict=True):
            card.kept = original.kept

    def give_back(self, held: Held) -> None:
        self.cpus += held.cpus
        self.memory += held.memory
        for grant in held.gpus:
            card = self._by_uuid.get(grant.uuid)  # None: the GPU is gone, or a stranger is on it
            if card is not None:
                card.free += grant.memory
                card.slots -= {grant.slot}

    def fits(self, need: Need) -> bool:
        if need.cpus > self.cpus + CPU_GRAIN or need.memory > self.memory:
            return False
        if need.gpus == 0:
            return True
        return sum(1 for card in self.cards if not card.kept and card.is_open(need)) >= need.gpus


def releases_of(running: Sequence[Held], now: datetime) -> dict[str, list[Release]]:
    """What ends on each node, by the node's id, the first to end first."""
    found: dict[str, list[Release]] = {}
    for held in running:
        after = NEVER if held.ends_at is None else max(0.0, (held.ends_at - now).total_seconds())
        found.setdefault(held.node_id, []).append(Release(after, held))
    for releases in found.values():
        releases.sort(key=lambda release: (release.after, release.held.job_id))
    return found
