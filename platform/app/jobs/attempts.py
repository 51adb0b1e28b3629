"""Opens and ends attempts. `end_attempt` is the one place where an attempt's end decides what becomes of the job."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.datasets import outputs
from app.jobs import allocations
from app.jobs.backoff import backoff
from app.jobs.transitions import move_attempt, move_job
from app.master import Master
from app.models import Attempt, Job, Member, Node
from app.nodes import quarantine
from app.scheduling.capacity import Placement
from proteinx.contracts.phrases import say
from proteinx.contracts.states import (
    ATTEMPT_ENDS,
    ATTEMPT_MOVES,
    JOB_ENDS,
    UNCOUNTED,
    AttemptState,
    Fault,
    JobState,
)

_LADDER = (
    AttemptState.ASSIGNED,
    AttemptState.CLAIMED,
    AttemptState.PREPARING,
    AttemptState.RUNNING,
    AttemptState.FINALIZING,
)
"""The way of every attempt that goes well."""
_STANDING = (*_LADDER, AttemptState.SUCCEEDED)

LOST_PEERS = say("lost_peers")


def lock_job(session: Session, job_id: str) -> Job | None:
    """The job's row, held until the transaction ends: whoever moves a job or its attempts goes through here first."""
    return session.get(Job, job_id, with_for_update=True, populate_existing=True)


def members_of(session: Session, attempt: Attempt) -> list[Member]:
    """By rank, as they are now: what this session changed is flushed, what others committed is read."""
    rows = select(Member).where(Member.job_id == attempt.job_id, Member.attempt == attempt.number).order_by(Member.rank)
    return list(session.scalars(rows, execution_options={"populate_existing": True}))


def is_over(attempt: Attempt | Member) -> bool:
    return AttemptState(attempt.state) in ATTEMPT_ENDS


def open_attempt(session: Session, job: Job, placement: Placement) -> Attempt:
    """Writes the next attempt with its members and what they hold; the job becomes scheduled.

    Raises IntegrityError at the flush if a GPU slot is taken, Conflict if the job is not pending.
    """
    job.attempt += 1
    at = now()
    attempt = Attempt(
        job_id=job.id,
        number=job.attempt,
        state=AttemptState.ASSIGNED.value,
        level=placement.level,
        assigned_at=at,
        renewed_at=at,
    )
    session.add(attempt)
    session.flush()
    for member in placement.members:
        session.add(
            Member(
                job_id=job.id,
                attempt=attempt.number,
                rank=member.rank,
                node_id=member.node_id,
                state=AttemptState.ASSIGNED.value,
            )
        )
    session.flush()
    for member in placement.members:
        allocations.hold(session, attempt, member)
    node_ids = [member.node_id for member in placement.members]
    names = session.scalars(select(Node.name).where(Node.id.in_(node_ids)).order_by(Node.name))
    move_job(session, job, JobState.SCHEDULED, actor="scheduler", reason=say("placed_on", nodes=", ".join(names)))
    job.not_before = None
    session.flush()
    return attempt


def advance(session: Session, job: Job, attempt: Attempt, *, actor: str) -> None:
    """Brings the attempt to where its slowest member is, and the job to running once all members run."""
    members = members_of(session, attempt)
    # One that lost its peers and waits for the cause stands at no rung.
    rungs = [_rung(state) for member in members if (state := AttemptState(member.state)) in _STANDING]
    slowest = min(rungs, default=-1)
    for state in _LADDER[_rung(AttemptState(attempt.state)) + 1 : slowest + 1]:
        move_attempt(session, job, attempt, state, actor=actor, reason="")
        if state is AttemptState.RUNNING and job.state == JobState.SCHEDULED.value:
            move_job(session, job, JobState.RUNNING, actor=actor, reason="")


def steps_between(origin: AttemptState, target: AttemptState) -> tuple[AttemptState, ...]:
    """What lies on the way from `origin` up to and with `target`; empty where it is reached already."""
    return _LADDER[_rung(origin) + 1 : _rung(target) + 1]


def _rung(state: AttemptState) -> int:
    """A member that succeeded has been through everything."""
    return len(_LADDER) - 1 if state is AttemptState.SUCCEEDED else _LADDER.index(state)


def end_attempt(
    session: Session,
    master: Master,
    job: Job,
    attempt: Attempt,
    to: AttemptState,
    *,
    fault: Fault | None,
    reason: str,
    actor: str,
    blamed: Collection[str] | None = None,
) -> None:
    """Ends the attempt and all its members, gives back what they held, and moves the job on.

    Does nothing if the attempt is over already, so that two who see it die at once are no problem. A failure without
    a fault is the user's. `blamed`: ids of the nodes that are to be avoided where machines failed; None = all of the
    attempt's.
    """
    if is_over(attempt):
        return
    members = members_of(session, attempt)
    for member in members:
        _end_member(session, member, to)
    culprits = [member for member in members if blamed is None or member.node_id in blamed]
    move_attempt(session, job, attempt, to, actor=actor, reason=reason)
    if to is AttemptState.FAILED:
        attempt.fault = (fault or Fault.USER).value
    elif to is AttemptState.LOST:
        attempt.fault = Fault.INFRA.value
    if to is AttemptState.FAILED and attempt.fault == Fault.INFRA.value:
        for member in culprits:
            member.fault = Fault.INFRA.value
            session.flush()
            quarantine.count_failure(session, member.node_id)
    if to in (AttemptState.FAILED, AttemptState.LOST, AttemptState.EXPIRED) and attempt.fault != Fault.USER.value:
        _avoid(session, job, {member.node_id for member in culprits})
    _move_on(session, job, attempt, to, reason=reason, actor=actor)
    session.flush()
    if job.state == JobState.SUCCEEDED.value:
        outputs.adopt(session, master, job)


def _end_member(session: Session, member: Member, to: AttemptState) -> None:
    state = AttemptState(member.state)
    if state in ATTEMPT_ENDS:
        return
    # A gang's members stand at different rungs: one that can't end like its attempt is simply called off.
    member.state = (to if to in ATTEMPT_MOVES[state] else AttemptState.CANCELLED).value
    if state is AttemptState.ASSIGNED:
        allocations.release_all(session, member)
    else:
        allocations.release_host(session, member)


def _move_on(session: Session, job: Job, attempt: Attempt, to: AttemptState, *, reason: str, actor: str) -> None:
    if JobState(job.state) in JOB_ENDS:
        return
    if job.state == JobState.CANCELLING.value:
        told = say("cancelled_too_late", reason=job.reason) if to is AttemptState.SUCCEEDED else job.reason
        move_job(session, job, JobState.CANCELLED, actor=actor, reason=told)
    elif to is AttemptState.SUCCEEDED:
        move_job(session, job, JobState.SUCCEEDED, actor=actor, reason=reason)
    elif to is AttemptState.FAILED and attempt.fault == Fault.USER.value:
        move_job(session, job, JobState.FAILED, actor=actor, reason=reason)
    else:
        _try_again(session, job, attempt, to, reason=reason, actor=actor)


def _try_again(session: Session, job: Job, attempt: Attempt, to: AttemptState, *, reason: str, actor: str) -> None:
    if to not in UNCOUNTED:
        job.counted_attempts += 1
    if to not in UNCOUNTED and job.counted_attempts >= job.max_attempts:
        code = "tried_enough_once" if job.counted_attempts == 1 else "tried_enough"
        told = say(code, times=job.counted_attempts, reason=reason)
        move_job(session, job, JobState.HELD, actor=actor, reason=told)
        return
    if to is AttemptState.FAILED:
        job.not_before = now() + timedelta(seconds=backoff(job.counted_attempts))
    move_job(session, job, JobState.PENDING, actor=actor, reason=reason)


def _avoid(session: Session, job: Job, node_ids: set[str]) -> None:
    """Remembers nodes as ones to keep off, while the lab has another one."""
    failed = node_ids | set(job.excluded_nodes)
    all_nodes = set(session.scalars(select(Node.id).where(Node.removed_at.is_(None))))
    job.excluded_nodes = sorted(failed & all_nodes) if all_nodes - failed else []
