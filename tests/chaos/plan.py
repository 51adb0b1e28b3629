"""What will happen: jobs and faults, drawn from a seed. The same seed gives the same plan, on any machine."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.chaos.kinds import KINDS, Kind

GAP = 3.0
"""Seconds from one fault to the next, on average."""
LONGEST = 25.0
"""Seconds that a job runs undisturbed, at most."""


class Fate(StrEnum):
    FINISH = "finish"
    FAIL = "fail"
    """By itself, at a step: a poison job."""
    CANCEL = "cancel"
    LIMIT = "limit"
    """Its time limit ends it."""


@dataclass(frozen=True, slots=True)
class JobPlan:
    number: int
    at: float
    """Seconds after the start."""
    seed: int
    steps: int
    pause: float
    every: int
    size: int
    fate: Fate
    nodes: int
    fail_at: int
    cancel_after: float
    """Seconds after it was submitted."""
    time_limit: float | None
    stops_alone: bool
    """`on_partition: stop`."""
    max_attempts: int


@dataclass(frozen=True, slots=True)
class FaultPlan:
    number: int
    at: float
    kind: str
    seconds: float
    """How long it lasts, or until what was killed is started again."""
    pick: float
    """In [0, 1): which of the possible targets."""


@dataclass(frozen=True, slots=True)
class Plan:
    seed: int
    jobs: Sequence[JobPlan]
    faults: Sequence[FaultPlan]


def make_plan(jobs: int, faults: int, seed: int, *, agents: int, lease: float, gap: float = GAP) -> Plan:
    random_ = random.Random(seed)
    span = max(faults * gap, 4.0)
    return Plan(
        seed,
        sorted((_job(random_, number, span, agents) for number in range(jobs)), key=lambda job: job.at),
        _faults(random_, faults, lease, span),
    )


def _job(random_: random.Random, number: int, span: float, agents: int) -> JobPlan:
    """The first one is there from the beginning and for long, so that faults always have something to strike."""
    fate = random_.choices(list(Fate), weights=[76, 8, 8, 8])[0] if number else Fate.FINISH
    pause = random_.choice((0.05, 0.1, 0.2))
    seconds = random_.uniform(0.3, 1.0) ** 2 * min(LONGEST, span / 2) if number else min(LONGEST, span)
    steps = max(4, int(seconds / pause))
    limit = random_.uniform(1.0, 3.0)
    return JobPlan(
        number=number,
        at=random_.uniform(0, 0.8 * span) if number else 0.0,
        seed=random_.randrange(10**6),
        steps=1_000 if fate is Fate.LIMIT else steps,
        pause=pause,
        every=random_.choice((3, 5, 10)),
        size=random_.choice((0, 1_000, 50_000, 400_000, 3_000_000)),
        fate=fate,
        nodes=2 if number and agents > 1 and random_.random() < 0.06 else 1,
        fail_at=random_.randrange(steps) if fate is Fate.FAIL else -1,
        cancel_after=random_.uniform(0.0, 6.0),
        time_limit=limit if fate is Fate.LIMIT else None,
        stops_alone=random_.random() < 0.25,
        max_attempts=random_.choice((2, 5, 20)),
    )


def _faults(random_: random.Random, count: int, lease: float, span: float) -> list[FaultPlan]:
    deck = _deck(random_, count)
    times = sorted(random_.uniform(0.3, span) for _ in range(count))
    return [
        FaultPlan(number, at, kind.name, random_.uniform(*kind.lasts(lease)), random_.random())
        for number, (at, kind) in enumerate(zip(times, deck, strict=True))
    ]


def _deck(random_: random.Random, count: int) -> list[Kind]:
    """Every kind comes before any comes again; of few faults, those that happen most come first."""
    deck: list[Kind] = []
    while len(deck) < count:
        for common in (True, False):
            some = [kind for kind in KINDS if kind.common is common]
            random_.shuffle(some)
            deck += some
    return deck[:count]
