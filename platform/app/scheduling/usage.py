"""What each user has had of late: an exponential average of the GPUs held, from the table of allocations.

With half-life H, an allocation of r GPUs from s to e counts r * (2^-((t-e)/H) - 2^-((t-s)/H)) at time t, so one who has
always held r counts r. What has ended is added up once and only decays from then on.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Allocation, Attempt, Gpu, Job

FORGOTTEN_AFTER: Final = 10
"""Half-lives: what is older weighs less than a thousandth."""
OVERLAP: Final = timedelta(seconds=90)
"""Transactions commit a little after the time they write: so far back is read again."""


@dataclass(frozen=True, slots=True)
class Use:
    """One live allocation."""

    user_id: str
    rate: float
    """GPUs, with CPUs counted in."""
    since: datetime


@dataclass(slots=True)
class Ledger:
    """Keeps what has ended; not tied to a session, safe to use from several threads."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _terms: tuple[float, float] = (0.0, 0.0)
    """Half-life and CPUs per GPU that the sums were made with."""
    _sums: dict[str, float] = field(default_factory=dict)
    _at: datetime | None = None
    _counted: dict[int, datetime] = field(default_factory=dict)
    """Allocations that a second look would find again."""

    def averages(
        self, session: Session, live: list[Use], at: datetime, *, half_life: float, cpus_per_gpu: float
    ) -> dict[str, float]:
        """By user id: GPUs held on average."""
        with self._lock:
            self._bring_up(session, at, half_life, cpus_per_gpu)
            found = dict(self._sums)
        for use in live:
            share = 1 - _decay(at - use.since, half_life)
            found[use.user_id] = found.get(use.user_id, 0.0) + use.rate * share
        return found

    def _bring_up(self, session: Session, at: datetime, half_life: float, cpus_per_gpu: float) -> None:
        if self._at is None or self._terms != (half_life, cpus_per_gpu):
            self._sums, self._counted, self._terms = {}, {}, (half_life, cpus_per_gpu)
            since = at - timedelta(seconds=FORGOTTEN_AFTER * half_life)
        else:
            kept = _decay(at - self._at, half_life)
            self._sums = {user: value * kept for user, value in self._sums.items()}
            since = self._at - OVERLAP
        self._at = at
        for number, use, released_at in _ended(session, since, cpus_per_gpu):
            if number not in self._counted:
                worth = _decay(at - released_at, half_life) - _decay(at - use.since, half_life)
                self._sums[use.user_id] = self._sums.get(use.user_id, 0.0) + use.rate * worth
                self._counted[number] = released_at
        self._counted = {number: moment for number, moment in self._counted.items() if moment >= at - 2 * OVERLAP}


def rate(cpus: float, gpu_memory: int, gpu_total: int | None, cpus_per_gpu: float) -> float:
    """One allocation's weight in GPUs: a shared one counts by its memory."""
    return cpus / cpus_per_gpu + (min(1.0, gpu_memory / gpu_total) if gpu_total else 0.0)


def _decay(age: timedelta, half_life: float) -> float:
    return float(0.5 ** (max(0.0, age.total_seconds()) / half_life))


def _ended(session: Session, since: datetime, cpus_per_gpu: float) -> Iterator[tuple[int, Use, datetime]]:
    query = (
        select(Allocation.id, Allocation.cpus, Allocation.gpu_memory, Allocation.released_at)
        .add_columns(Gpu.memory_bytes, Attempt.assigned_at, Job.owner_id)
        .join(Job, Job.id == Allocation.job_id)
        .join(Attempt, (Attempt.job_id == Allocation.job_id) & (Attempt.number == Allocation.attempt))
        .outerjoin(Gpu, Gpu.uuid == Allocation.gpu_uuid)
        .where(Allocation.released_at >= since)
    )
    for row in session.execute(query):
        weight = rate(row.cpus, row.gpu_memory, row.memory_bytes, cpus_per_gpu)
        yield row.id, Use(row.owner_id, weight, row.assigned_at), row.released_at
