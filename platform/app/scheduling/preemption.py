"""Whom a job of higher priority sends back to the queue: the smallest damage that makes room for it.

What counts as damage, in this order: the highest priority among those who go, how many they are, and how long they
have run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.scheduling.capacity import Held
from app.scheduling.fitting import Need
from app.scheduling.floor import Shape
from app.scheduling.room import Later, Room

_Damage = tuple[int, int, float, str]


@dataclass(frozen=True, slots=True)
class _Choice:
    room: Room
    victims: list[Held]
    damage: _Damage


def victims_for(shape: Shape, priority: int, now: datetime) -> tuple[list[Room], list[str]] | None:
    """The rooms to keep and the jobs to end for them; None where even that makes no room.

    No victims where those who are leaving already are enough.
    """
    choices = []
    for room in shape.rooms.values():
        victims = _least(room, shape.need, priority)
        if victims is not None:
            choices.append(_Choice(room, victims, _damage(victims, room, now)))
    if len(choices) < shape.need.nodes:
        return None
    choices.sort(key=lambda choice: choice.damage)
    chosen = choices[: shape.need.nodes]
    jobs = dict.fromkeys(victim.job_id for choice in chosen for victim in choice.victims)
    return [choice.room for choice in chosen], list(jobs)


def _least(room: Room, need: Need, priority: int) -> list[Held] | None:
    """Takes the cheapest until it fits, then lets go again whom it does not need, the dearest first."""
    leaving = [release.held for release in room.releases if release.held.leaving]
    endable = _endable(room, priority)
    if not leaving and not endable:
        return None
    later = _without(room, leaving)
    if later.fits(need):
        return []
    victims: list[Held] = []
    for held in sorted(endable, key=_cheapest_first):
        victims.append(held)
        later.give_back(held)
        if later.fits(need):
            break
    else:
        return None
    for held in list(reversed(victims)):
        spared = [other for other in victims if other is not held]
        if _without(room, [*leaving, *spared]).fits(need):
            victims = spared
    return victims


def _without(room: Room, gone: Sequence[Held]) -> Later:
    later = Later(room)
    for held in gone:
        later.give_back(held)
    return later


def _endable(room: Room, priority: int) -> list[Held]:
    held = [release.held for release in room.releases]
    return [one for one in held if one.preemptible and not one.leaving and one.priority < priority]


def _cheapest_first(held: Held) -> tuple[int, float, str]:
    started = held.started_at.timestamp() if held.started_at else float("inf")
    return (held.priority, -started, held.job_id)


def _damage(victims: Sequence[Held], room: Room, now: datetime) -> _Damage:
    if not victims:
        return (-(10**9), 0, 0.0, room.node.name)
    lost = sum((now - victim.started_at).total_seconds() for victim in victims if victim.started_at)
    return (max(victim.priority for victim in victims), len(victims), lost, room.node.name)
