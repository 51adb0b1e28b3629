"""Plays a trace through `place`: what it decides happens, time jumps from one event to the next."""

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.scheduling.capacity import Held, NodeCapacity, PendingJob, Placement, UserState
from app.scheduling.holding import give, held_by
from app.scheduling.ordering import cost
from app.scheduling.placement import place
from app.scheduling.policy import Policy
from benchmarks.simulator.trace import START, TracedJob

LOST_WORK = 300.0
"""Seconds since the last checkpoint that a preempted job runs again."""
HALF_LIFE = 7 * 86400.0


@dataclass(slots=True)
class Done:
    job: TracedJob
    waited: float
    """Seconds in the queue, all its waits together."""
    started_at: datetime
    """The last time."""
    ended_at: datetime
    runs: list[tuple[datetime, datetime]]
    """Each time that it ran: of a preempted job several."""

    @property
    def preempted(self) -> int:
        return len(self.runs) - 1


@dataclass(slots=True)
class _User:
    average: float = 0.0
    holding: float = 0.0
    gpus: int = 0
    jobs: int = 0
    at: datetime = START

    def advance(self, now: datetime) -> None:
        """Exponential average of what is held, with the half-life of the shares."""
        kept = 0.5 ** ((now - self.at).total_seconds() / HALF_LIFE)
        self.average = self.average * kept + self.holding * (1 - kept)
        self.at = now


@dataclass(slots=True)
class _Run:
    job: TracedJob
    held: list[Held]
    began: datetime
    number: int


@dataclass(slots=True)
class Simulation:
    policy: Policy
    nodes: list[NodeCapacity]
    tick: float = 60.0
    """Seconds between two passes at least."""
    now: datetime = START
    done: list[Done] = field(default_factory=list)
    passes: list[float] = field(default_factory=list)
    """Seconds of real time that each pass took, and with how many jobs waiting."""
    depths: list[int] = field(default_factory=list)
    promised: dict[str, datetime] = field(default_factory=dict)
    """When the job at the head of the queue was to start at the latest, as first said."""
    quotas: dict[str, UserState] = field(default_factory=dict)
    _pending: dict[str, PendingJob] = field(default_factory=dict)
    _jobs: dict[str, TracedJob] = field(default_factory=dict)
    _left: dict[str, float] = field(default_factory=dict)
    _waited: dict[str, float] = field(default_factory=dict)
    _since: dict[str, datetime] = field(default_factory=dict)
    _runs: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    _running: dict[str, _Run] = field(default_factory=dict)
    _ends: list[tuple[datetime, int, str]] = field(default_factory=list)
    _users: dict[str, _User] = field(default_factory=dict)
    _numbers: int = 0

    def run(self, jobs: Sequence[TracedJob]) -> None:
        """Until all have ended; raises AssertionError where nothing can ever move again."""
        coming = list(reversed(jobs))
        while coming or self._pending or self._running:
            self._to_next_event(coming)
            while coming and coming[-1].pending.created_at <= self.now:
                self._enqueue(coming.pop())
            while self._ends and self._ends[0][0] <= self.now:
                self._end(*heapq.heappop(self._ends))
            self._pass()

    def _to_next_event(self, coming: Sequence[TracedJob]) -> None:
        moments = [coming[-1].pending.created_at] if coming else []
        moments += [self._ends[0][0]] if self._ends else []
        assert moments, f"{len(self._pending)} jobs wait, and nothing runs or comes"
        self.now = max(min(moments), self.now + timedelta(seconds=self.tick))

    def _enqueue(self, job: TracedJob) -> None:
        self._jobs[job.pending.id] = job
        self._pending[job.pending.id] = job.pending
        self._left[job.pending.id] = job.seconds
        self._since[job.pending.id] = job.pending.created_at

    def _pass(self) -> None:
        users = {name: self._state(name) for name in {job.owner for job in self._pending.values()}}
        held = [one for run in self._running.values() for one in run.held]
        waiting = list(self._pending.values())
        began = time.perf_counter()
        plan = place(waiting, self.nodes, self.now, self.policy, running=held, users=users)
        self.passes.append(time.perf_counter() - began)
        self.depths.append(len(waiting))
        for placement in plan.placements:
            self._start(placement)
        if plan.reservations:
            self._remember_head(plan.reservations[0].job_id, plan.reservations[0].starts_at)
        for victim in dict.fromkeys(one.job_id for one in plan.preemptions):
            self._preempt(victim)

    def _remember_head(self, job_id: str, starts_at: datetime | None) -> None:
        job = self._pending[job_id]
        if job.reserved_at is None:
            self._pending[job_id] = replace(job, reserved_at=self.now)
            if starts_at is not None:
                self.promised[job_id] = starts_at

    def _state(self, name: str) -> UserState:
        user = self._users.setdefault(name, _User(at=self.now))
        user.advance(self.now)
        limits = self.quotas.get(name, UserState())
        return replace(limits, average=user.average, holding=user.holding, gpus=user.gpus, jobs=user.jobs)

    def _start(self, placement: Placement) -> None:
        pending = self._pending.pop(placement.job_id)
        job = self._jobs[pending.id]
        held = held_by(pending, placement, self.now, preemptible=True)
        self._numbers += 1
        self._running[pending.id] = _Run(job, held, self.now, self._numbers)
        self.nodes = give(self.nodes, held, -1)
        self._waited[pending.id] = self._waited.get(pending.id, 0.0) + self._seconds_since(self._since[pending.id])
        ends = self.now + timedelta(seconds=self._left[pending.id])
        heapq.heappush(self._ends, (ends, self._numbers, pending.id))
        self._charge(pending, 1)

    def _end(self, _: datetime, number: int, job_id: str) -> None:
        run = self._running.get(job_id)
        if run is None or run.number != number:
            return  # it was preempted meanwhile
        self._leave(run)
        self.done.append(Done(run.job, self._waited[job_id], run.began, self.now, self._runs[job_id]))

    def _preempt(self, job_id: str) -> None:
        """Back to the queue at once, with some work lost."""
        run = self._running[job_id]
        self._leave(run)
        ran = self._seconds_since(run.began)
        self._left[job_id] -= max(0.0, ran - LOST_WORK)
        self._since[job_id] = self.now
        self._pending[job_id] = replace(run.job.pending, queued_at=self.now, reserved_at=None)

    def _leave(self, run: _Run) -> None:
        del self._running[run.job.pending.id]
        self._runs.setdefault(run.job.pending.id, []).append((run.began, self.now))
        self.nodes = give(self.nodes, run.held, 1)
        self._charge(run.job.pending, -1)

    def _charge(self, job: PendingJob, sign: int) -> None:
        user = self._users.setdefault(job.owner, _User(at=self.now))
        user.advance(self.now)
        user.holding += sign * cost(job.resources, self.policy)
        user.gpus += sign * job.resources.gpus * job.resources.nodes
        user.jobs += sign

    def _seconds_since(self, moment: datetime) -> float:
        return (self.now - moment).total_seconds()
