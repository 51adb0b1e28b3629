"""Whatever people, agents, the scheduler and the reaper do, in whatever order: what must always hold."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
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
PICK = st.integers(0, 1000)


class AnyOrder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.lab = Lab(self.folder, f"sqlite:///{self.folder / 'proteinx.db'}")
        self.agents: list[Agent] = []
        self.jobs: list[str] = []
        self.members: list[tuple[Agent, RunningMember]] = []
        self.ended: dict[str, JobState] = {}
        self.cancelled: set[str] = set()

    def teardown(self) -> None:
        self.lab.close()
        shutil.rmtree(self.folder)

    @initialize()
    def nodes(self) -> None:
        self.agents = [self.lab.agent("gpu1", gpus=1), self.lab.agent("gpu2", gpus=1)]

    @rule(gpus=st.integers(0, 1), nodes=st.integers(1, 2), max_attempts=st.integers(1, 2))
    def submit(self, gpus: int, nodes: int, max_attempts: int) -> None:
        resources = {"gpus": gpus, "nodes": nodes}
        self.jobs.append(self.lab.submit(resources=resources, max_attempts=max_attempts)["id"])

    @rule()
    def schedule(self) -> None:
        for job_id in self.jobs:
            self.lab.set_job(job_id, not_before=None)
        self.lab.schedule()

    @rule(pick=PICK)
    def claim(self, pick: int) -> None:
        agent = self.agents[pick % 2]
        for assignment in self._beat(agent)["assignments"]:
            job_id, number = assignment["job_id"], assignment["attempt"]
            reply = agent.claim_reply(job_id, number, dispatch_id=assignment["dispatch_id"], rank=assignment["rank"])
            assert reply.status_code in (200, 410)
            if reply.status_code == 200:
                self.members.append((agent, RunningMember(self.lab, reply.json())))

    @rule(pick=PICK)
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

    @rule(pick=PICK, state=st.sampled_from(["preparing", "running", "finalizing"]))
    def report(self, pick: int, state: str) -> None:
        if self.members:
            _, member = self.members[pick % len(self.members)]
            assert member.report(state).status_code in (204, 401, 410)

    @rule(
        pick=PICK,
        outcome=st.sampled_from(["succeeded", "failed", "cancelled", "preempted"]),
        fault=st.sampled_from([None, "user", "infra"]),
        repeats=st.integers(1, 2),
    )
    def finish(self, pick: int, outcome: str, fault: str | None, repeats: int) -> None:
        if not self.members:
            return
        _, member = self.members[pick % len(self.members)]
        codes = [member.finish(outcome, fault=fault).status_code for _ in range(repeats)]
        assert set(codes) <= {204, 401, 409, 410}
        assert len(set(codes)) == 1, "a repeat is answered as the first time"
        if codes[0] == 204:
            member.state = outcome

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        if not self.jobs:
            return
        job_id = self.jobs[pick % len(self.jobs)]
        reply = self.lab.as_("alice").post(f"/api/jobs/{job_id}/cancel")
        assert reply.status_code in (200, 409)
        if reply.status_code == 200:
            assert reply.json()["state"] in ("cancelled", "cancelling")
            self.cancelled.add(job_id)

    @rule(pick=PICK)
    def release(self, pick: int) -> None:
        if self.jobs:
            job_id = self.jobs[pick % len(self.jobs)]
            assert self.lab.as_("alice").post(f"/api/jobs/{job_id}/release").status_code in (200, 409)

    @rule(pick=PICK)
    def restart(self, pick: int) -> None:
        agent = self.agents[pick % 2]
        agent.boot_id += "+"
        assert agent.register(agent.token).status_code == 200
        for owner, member in self.members:
            if owner is agent:
                member.state = "lost"

    @rule(pick=PICK)
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

    @invariant()
    def an_end_is_an_end(self) -> None:
        with self.lab.db.read() as session:
            for job in session.scalars(select(Job)):
                state = JobState(job.state)
                assert self.ended.setdefault(job.id, state) == state if state in JOB_ENDS else job.id not in self.ended
                assert (job.ended_at is not None) == (state in JOB_ENDS)
                if job.id in self.cancelled:
                    assert state in (JobState.CANCELLING, JobState.CANCELLED)
                assert job.counted_attempts <= job.max_attempts

    @invariant()
    def a_live_job_has_one_live_attempt_and_others_none(self) -> None:
        with self.lab.db.read() as session:
            for job in session.scalars(select(Job)):
                rows = session.scalars(select(Attempt).where(Attempt.job_id == job.id)).all()
                live = [row.number for row in rows if AttemptState(row.state) not in ATTEMPT_ENDS]
                assert live == ([job.attempt] if JobState(job.state) in LIVE_JOBS else [])
                assert sorted(row.number for row in rows) == list(range(1, job.attempt + 1))

    @invariant()
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

    @invariant()
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


AnyOrder.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
TestAnyOrder = AnyOrder.TestCase
