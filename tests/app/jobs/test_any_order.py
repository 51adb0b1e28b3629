"""Whatever people, agents, the scheduler and the reaper do, in whatever order: what must always hold."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.jobs import attempts
from app.models import Allocation, Attempt, Job, JobEventRow, Member
from proteinx.contracts.states import (
    ATTEMPT_ENDS,
    ATTEMPT_MOVES,
    JOB_ENDS,
    JOB_MOVES,
    AttemptState,
    Fault,
    JobState,
)
from tests.app.lab import Agent, Lab, RunningMember

LIVE_JOBS = (JobState.SCHEDULED, JobState.RUNNING, JobState.CANCELLING)
OUTCOMES = ("succeeded", "failed", "cancelled", "preempted")


class World:
    """One lab with two nodes of one GPU each. Every action takes a number that picks on what and how."""

    def __init__(self, folder: Path) -> None:
        self.lab = Lab(folder)
        self.agents = [self.lab.agent("gpu1", gpus=1), self.lab.agent("gpu2", gpus=1)]
        self.jobs: list[str] = []
        self.members: list[tuple[Agent, RunningMember]] = []
        self.ended: dict[str, JobState] = {}
        self.cancelled: set[str] = set()
        self.seen: Counter[str] = Counter()

    def submit(self, pick: int) -> None:
        resources = {"gpus": pick % 2, "nodes": 1 + pick // 2 % 4 // 3}
        self.jobs.append(self.lab.submit(resources=resources, max_attempts=1 + pick // 8 % 2)["id"])

    def schedule(self, _: int) -> None:
        for job_id in self.jobs:
            self.lab.set_job(job_id, not_before=None)
        self.seen["placed"] += len(self.lab.schedule())

    def claim(self, pick: int) -> None:
        agent = self.agents[pick % 2]
        for assignment in self._beat(agent)["assignments"]:
            job_id, number = assignment["job_id"], assignment["attempt"]
            reply = agent.claim_reply(job_id, number, dispatch_id=assignment["dispatch_id"], rank=assignment["rank"])
            assert reply.status_code in (200, 410)
            if reply.status_code == 200:
                self.members.append((agent, RunningMember(self.lab, reply.json())))

    def heartbeat(self, pick: int) -> None:
        self._beat(self.agents[pick % 2])

    def _beat(self, agent: Agent) -> dict[str, Any]:
        """An honest agent: it names what it has, and ends what it is told to kill."""
        mine = [member for owner, member in self.members if owner is agent and member.state not in ATTEMPT_ENDS]
        reply = agent.beat(*mine)
        for command in reply["commands"]:
            for member in mine:
                same = all(member.spec[key] == command[key] for key in ("job_id", "attempt", "rank"))
                if same and command["kind"] == "kill":
                    member.state = "failed"
        return reply

    def _one(self, pick: int) -> tuple[RunningMember, int]:
        """Mostly one that lives as far as its agent knows, now and then a ghost; and a number for how to treat it."""
        living = [member for _, member in self.members if member.state not in ATTEMPT_ENDS]
        pool = [member for _, member in self.members] if pick % 5 == 0 or not living else living
        return pool[pick // 5 % len(pool)], pick // 5 // len(pool)

    def report(self, pick: int) -> None:
        if self.members:
            member, how = self._one(pick)
            state = ("preparing", "running", "finalizing", "finalizing")[how % 4]
            assert member.report(state).status_code in (204, 401, 410)

    def push(self, pick: int) -> None:
        """One living member goes one step of the good way on."""
        living = [member for _, member in self.members if member.state not in ATTEMPT_ENDS]
        if not living:
            return
        member = living[pick % len(living)]
        way = {"claimed": "preparing", "preparing": "running", "running": "finalizing"}
        if member.state in way:
            assert member.report(way[member.state]).status_code in (204, 401, 410)
        elif (code := member.finish("succeeded").status_code) == 204:
            member.state = "succeeded"
            self.seen["succeeded"] += 1
        else:
            assert code in (401, 410)
            member.state = "lost"

    def finish(self, pick: int) -> None:
        if not self.members:
            return
        member, how = self._one(pick)
        outcome, fault = OUTCOMES[how % 4], (None, "user", "infra")[how // 4 % 3]
        if member.state == "finalizing" and how // 12 % 2:
            outcome = "succeeded"
        replies = [member.finish(outcome, fault=fault) for _ in range(1 + how % 2)]
        codes = [reply.status_code for reply in replies]
        assert set(codes) <= {204, 401, 410} or replies[0].json()["error"] == "not_finalizing"
        assert len(set(codes)) == 1, "a repeat is answered as the first time"
        if codes[0] == 204:
            member.state = outcome
            self.seen[outcome] += 1

    def cancel(self, pick: int) -> None:
        if not self.jobs:
            return
        live = [member.spec["job_id"] for _, member in self.members if member.state not in ATTEMPT_ENDS]
        job_id = (live or self.jobs)[pick % len(live or self.jobs)]
        reply = self.lab.as_("alice").post(f"/api/jobs/{job_id}/cancel")
        assert reply.status_code in (200, 409)
        if reply.status_code == 200:
            assert reply.json()["state"] in ("cancelled", "cancelling")
            self.cancelled.add(job_id)

    def release(self, pick: int) -> None:
        if self.jobs:
            job_id = self.jobs[pick % len(self.jobs)]
            assert self.lab.as_("alice").post(f"/api/jobs/{job_id}/release").status_code in (200, 409)

    def restart(self, pick: int) -> None:
        agent = self.agents[pick % 2]
        agent.boot_id += "+"
        assert agent.register(agent.token).status_code == 200
        for owner, member in self.members:
            if owner is agent:
                member.state = "lost"

    def reap(self, pick: int) -> None:
        """As the scheduler's reaper does: unclaimed ones expire, claimed ones are lost."""
        with self.lab.db.write() as session:
            live = session.scalars(select(Attempt).where(Attempt.state.not_in([end.value for end in ATTEMPT_ENDS])))
            found = sorted(live, key=lambda attempt: attempt.job_id)
            if not found:
                return
            attempt = found[pick % len(found)]
            unclaimed = attempt.state == AttemptState.ASSIGNED.value
            job = attempts.lock_job(session, attempt.job_id)
            assert job is not None
            attempts.end_attempt(
                session,
                self.lab.master,
                job,
                attempt,
                AttemptState.EXPIRED if unclaimed else AttemptState.LOST,
                fault=None if unclaimed else Fault.INFRA,
                reason="reaped",
                actor="test",
            )

    def an_end_is_an_end(self) -> None:
        with self.lab.db.read() as session:
            for job in session.scalars(select(Job)):
                state = JobState(job.state)
                assert self.ended.setdefault(job.id, state) == state if state in JOB_ENDS else job.id not in self.ended
                assert (job.ended_at is not None) == (state in JOB_ENDS)
                if job.id in self.cancelled:
                    assert state in (JobState.CANCELLING, JobState.CANCELLED)
                assert job.counted_attempts <= job.max_attempts

    def a_live_job_has_one_live_attempt_and_others_none(self) -> None:
        with self.lab.db.read() as session:
            for job in session.scalars(select(Job)):
                rows = session.scalars(select(Attempt).where(Attempt.job_id == job.id)).all()
                live = [row.number for row in rows if AttemptState(row.state) not in ATTEMPT_ENDS]
                assert live == ([job.attempt] if JobState(job.state) in LIVE_JOBS else [])
                assert sorted(row.number for row in rows) == list(range(1, job.attempt + 1))

    def nothing_is_given_out_twice_and_nothing_kept_for_nothing(self) -> None:
        with self.lab.db.read() as session:
            held = session.execute(
                select(Allocation, Member.state)
                .join(
                    Member,
                    (Member.job_id == Allocation.job_id)
                    & (Member.attempt == Allocation.attempt)
                    & (Member.rank == Allocation.rank),
                )
                .where(Allocation.released_at.is_(None))
            ).all()
            gpus = [allocation.gpu_uuid for allocation, _ in held if allocation.gpu_uuid]
            assert len(gpus) == len(set(gpus))
            for allocation, state in held:
                assert allocation.gpu_uuid or AttemptState(state) not in ATTEMPT_ENDS
            live = session.scalars(select(Member).where(Member.state.not_in([end.value for end in ATTEMPT_ENDS])))
            holders = {(one.job_id, one.attempt, one.rank) for one, _ in held}
            assert {(one.job_id, one.attempt, one.rank) for one in live} <= holders

    def every_move_was_a_legal_one_and_none_is_missing(self) -> None:
        with self.lab.db.read() as session:
            at: dict[tuple[str, int | None], str] = {}
            for row in session.scalars(select(JobEventRow).order_by(JobEventRow.id)):
                if row.kind not in ("job", "attempt"):
                    continue
                key = (row.job_id, row.attempt if row.kind == "attempt" else None)
                start = JobState.PENDING.value if row.kind == "job" else AttemptState.ASSIGNED.value
                assert at.get(key, start) == row.from_state
                table: Any = JOB_MOVES if row.kind == "job" else ATTEMPT_MOVES
                assert row.to_state in table[row.from_state]
                at[key] = row.to_state or ""
            for job in session.scalars(select(Job)):
                assert at.get((job.id, None), "pending") == job.state

    def check(self) -> None:
        self.an_end_is_an_end()
        self.a_live_job_has_one_live_attempt_and_others_none()
        self.nothing_is_given_out_twice_and_nothing_kept_for_nothing()
        self.every_move_was_a_legal_one_and_none_is_missing()


ACTIONS: dict[Callable[[World, int], None], int] = {
    World.submit: 3,
    World.schedule: 4,
    World.claim: 5,
    World.report: 2,
    World.push: 9,
    World.finish: 3,
    World.cancel: 2,
    World.release: 1,
    World.heartbeat: 2,
    World.restart: 1,
    World.reap: 1,
}
WEIGHTED = [action for action, weight in ACTIONS.items() for _ in range(weight)]
SEEN: Counter[str] = Counter()


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(WEIGHTED), st.integers(0, 1000)), min_size=40, max_size=60))
def test_any_order(steps: list[tuple[Callable[[World, int], None], int]]) -> None:
    folder = Path(tempfile.mkdtemp())
    world = World(folder)
    try:
        for action, pick in steps:
            action(world, pick)
            world.check()
    finally:
        world.lab.close()
        shutil.rmtree(folder)
    SEEN.update(world.seen)


def test_the_walks_went_somewhere() -> None:
    """The test above shows nothing if its walks never place a job or end an attempt well and badly."""
    assert {"placed", "succeeded"} <= SEEN.keys(), SEEN
    assert {"failed", "cancelled", "preempted"} & SEEN.keys(), SEEN
