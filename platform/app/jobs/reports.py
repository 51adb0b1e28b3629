"""What a member of an attempt says of itself: where it stands, and how it ended."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.actor import MemberActor
from app.accounts.authorize import Action, authorize
from app.errors import Conflict, Forbidden, Gone, Unprocessable
from app.jobs import allocations, attempts
from app.jobs.logs import log_key
from app.jobs.transitions import move_member
from app.master import Master
from app.models import Attempt, Job, Member
from proteinx.contracts.jobs import Finish, StateReport
from proteinx.contracts.states import AttemptState, Fault, JobState

_REPORTABLE = (AttemptState.PREPARING, AttemptState.RUNNING, AttemptState.FINALIZING)
_LAST_LINES = 200
_LINE_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class _Scene:
    """Who reports, and the rows that it is about."""

    actor: MemberActor
    job: Job
    attempt: Attempt
    member: Member


def report(session: Session, actor: MemberActor, job_id: str, number: int, state: StateReport) -> None:
    """Moves the member forward. What it has passed already is accepted: reports may come twice or late."""
    if state.state not in _REPORTABLE:
        raise Unprocessable("bad_state", "Report preparing, running or finalizing; the end goes to /finish.")
    _identify(actor, job_id, number, state.rank)
    scene = _load(session, actor)
    _fence(scene)
    attempt, member = scene.attempt, scene.member
    for step in attempts.steps_between(AttemptState(member.state), state.state):
        move_member(member, step)
    if state.detail:
        member.detail = member.detail | state.detail
    if state.environment:
        attempt.environment = attempt.environment | state.environment
    session.flush()
    attempts.advance(session, scene.job, attempt, actor=actor.label)


def finish(session: Session, master: Master, actor: MemberActor, job_id: str, *, number: int, end: Finish) -> None:
    """Ends the member; the attempt ends with its last success, or with the first that did not succeed.

    The same report again is accepted, also when the attempt is over. Raises Gone if the attempt was ended otherwise,
    Conflict("not_finalizing") for a success before finalizing was reported.
    """
    _identify(actor, job_id, number, end.rank)
    scene = _load(session, actor)
    if scene.member.detail.get("finish") == end.outcome:
        return
    _fence(scene)
    if end.outcome == "succeeded":
        _succeed(session, master, scene, end)
    else:
        _remember(master, scene, end)
        _fail(session, master, scene, end)


def _identify(actor: MemberActor, job_id: str, number: int, rank: int) -> None:
    authorize(actor, Action.VIEW, job_id)
    if actor.attempt != number:
        raise Gone("fenced", f"This token is attempt {actor.attempt}'s, not attempt {number}'s.")
    if actor.rank != rank:
        raise Forbidden("forbidden", f"This token is rank {actor.rank}'s, not rank {rank}'s.")


def _load(session: Session, actor: MemberActor) -> _Scene:
    job = attempts.lock_job(session, actor.job_id)
    attempt = session.get(Attempt, (actor.job_id, actor.attempt))
    member = session.get(Member, (actor.job_id, actor.attempt, actor.rank))
    if job is None or attempt is None or member is None:
        raise Gone("gone", "This attempt is not known any more; stop it.")
    return _Scene(actor, job, attempt, member)


def _fence(scene: _Scene) -> None:
    if attempts.is_over(scene.attempt) or attempts.is_over(scene.member):
        over = f"Attempt {scene.attempt.number} is {scene.attempt.state}"
        raise Gone("fenced", f"{over}; stop it and throw its work away.")


def _remember(master: Master, scene: _Scene, end: Finish) -> None:
    attempt, member = scene.attempt, scene.member
    member.detail = member.detail | {"finish": end.outcome}
    member.log_bytes = master.storage.size(log_key(member.job_id, member.attempt, member.rank)) or member.log_bytes
    attempt.exit_code = end.exit_code
    attempt.last_lines = [line[:_LINE_LENGTH] for line in end.last_lines[-_LAST_LINES:]]


def _succeed(session: Session, master: Master, scene: _Scene, end: Finish) -> None:
    member = scene.member
    if member.state != AttemptState.FINALIZING.value:
        raise Conflict("not_finalizing", f"This member is {member.state}; report finalizing before success.")
    _remember(master, scene, end)
    move_member(member, AttemptState.SUCCEEDED)
    allocations.release_host(session, member)
    session.flush()
    members = attempts.members_of(session, scene.attempt)
    if all(other.state == AttemptState.SUCCEEDED.value for other in members):
        _end(session, master, scene, AttemptState.SUCCEEDED, fault=None, reason=end.reason)


def _fail(session: Session, master: Master, scene: _Scene, end: Finish) -> None:
    cancelling = scene.job.state == JobState.CANCELLING.value
    to = AttemptState.CANCELLED if cancelling else AttemptState(end.outcome)
    fault = (end.fault or Fault.USER) if to is AttemptState.FAILED else None
    reason = end.reason or _reason(end)
    if to is AttemptState.FAILED and len(attempts.members_of(session, scene.attempt)) > 1:
        reason = f"rank {end.rank}: {reason}"
    _end(session, master, scene, to, fault=fault, reason=reason)


def _end(
    session: Session, master: Master, scene: _Scene, to: AttemptState, *, fault: Fault | None, reason: str
) -> None:
    attempts.end_attempt(
        session, master, scene.job, scene.attempt, to, fault=fault, reason=reason, actor=scene.actor.label
    )


def _reason(end: Finish) -> str:
    if end.exit_code is not None:
        return f"{end.outcome} with exit code {end.exit_code}"
    return end.outcome
