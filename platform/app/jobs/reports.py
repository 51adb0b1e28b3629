"""What a member of an attempt says of itself: where it stands, and how it ended."""

from sqlalchemy.orm import Session

from app.accounts.actor import MemberActor
from app.accounts.authorize import Action, authorize
from app.errors import Conflict, Forbidden, Gone, Unprocessable
from app.jobs import attempts
from app.jobs.transitions import move_member
from app.master import Master
from app.models import Attempt, Job, Member
from app.jobs import allocations
from app.jobs.logs import log_key
from proteinx.contracts.jobs import Finish, StateReport
from proteinx.contracts.states import AttemptState, Fault, JobState

_REPORTABLE = (AttemptState.PREPARING, AttemptState.RUNNING, AttemptState.FINALIZING)
_LAST_LINES = 200
_LINE_LENGTH = 2000


def report(session: Session, actor: MemberActor, job_id: str, number: int, state: StateReport) -> None:
    """Moves the member forward. What it has passed already is accepted: reports may come twice or late."""
    if state.state not in _REPORTABLE:
        raise Unprocessable("bad_state", "Report preparing, running or finalizing; the end goes to /finish.")
    _identify(actor, job_id, number, state.rank)
    job, attempt, member = _load(session, actor)
    _fence(actor, attempt, member)
    for step in attempts.steps_between(AttemptState(member.state), state.state):
        move_member(member, step)
    if state.detail:
        member.detail = member.detail | state.detail
    if state.environment:
        attempt.environment = attempt.environment | state.environment
    session.flush()
    attempts.advance(session, job, attempt, actor=actor.label)


def finish(session: Session, master: Master, actor: MemberActor, job_id: str, number: int, end: Finish) -> None:
    """Ends the member; the attempt ends with its last success, or with the first that did not succeed.

    The same report again is accepted, also when the attempt is over. Raises Gone if the attempt was ended otherwise,
    Conflict("not_finalizing") for a success before finalizing was reported.
    """
    _identify(actor, job_id, number, end.rank)
    job, attempt, member = _load(session, actor)
    if member.detail.get("finish") == end.outcome:
        return
    _fence(actor, attempt, member)
    if end.outcome == "succeeded":
        _succeed(session, master, job, attempt, member, end, actor)
    else:
        _remember(master, attempt, member, end)
        _fail(session, master, job, attempt, end, actor)


def _identify(actor: MemberActor, job_id: str, number: int, rank: int) -> None:
    authorize(actor, Action.VIEW, job_id)
    if actor.attempt != number:
        raise Gone("fenced", f"This token is attempt {actor.attempt}'s, not attempt {number}'s.")
    if actor.rank != rank:
        raise Forbidden("forbidden", f"This token is rank {actor.rank}'s, not rank {rank}'s.")


def _load(session: Session, actor: MemberActor) -> tuple[Job, Attempt, Member]:
    job = attempts.lock_job(session, actor.job_id)
    attempt = session.get(Attempt, (actor.job_id, actor.attempt))
    member = session.get(Member, (actor.job_id, actor.attempt, actor.rank))
    if job is None or attempt is None or member is None:
        raise Gone("gone", "This attempt is not known any more; stop it.")
    return job, attempt, member


def _fence(actor: MemberActor, attempt: Attempt, member: Member) -> None:
    if attempts.is_over(attempt) or attempts.is_over(member):
        raise Gone("fenced", f"Attempt {actor.attempt} is {attempt.state}; stop it and throw its work away.")


def _remember(master: Master, attempt: Attempt, member: Member, end: Finish) -> None:
    member.detail = member.detail | {"finish": end.outcome}
    member.log_bytes = master.storage.size(log_key(member.job_id, member.attempt, member.rank)) or member.log_bytes
    attempt.exit_code = end.exit_code
    attempt.last_lines = [line[:_LINE_LENGTH] for line in end.last_lines[-_LAST_LINES:]]


def _succeed(
    session: Session, master: Master, job: Job, attempt: Attempt, member: Member, end: Finish, actor: MemberActor
) -> None:
    if member.state != AttemptState.FINALIZING.value:
        raise Conflict("not_finalizing", f"This member is {member.state}; report finalizing before success.")
    _remember(master, attempt, member, end)
    move_member(member, AttemptState.SUCCEEDED)
    allocations.release_host(session, member)
    session.flush()
    members = attempts.members_of(session, attempt)
    if all(other.state == AttemptState.SUCCEEDED.value for other in members):
        attempts.end_attempt(
            session,
            master,
            job,
            attempt,
            AttemptState.SUCCEEDED,
            fault=None,
            reason=end.reason,
            actor=actor.label,
        )


def _fail(session: Session, master: Master, job: Job, attempt: Attempt, end: Finish, actor: MemberActor) -> None:
    cancelling = job.state == JobState.CANCELLING.value
    to = AttemptState.CANCELLED if cancelling else AttemptState(end.outcome)
    fault = (end.fault or Fault.USER) if to is AttemptState.FAILED else None
    reason = end.reason or _reason(end)
    if to is AttemptState.FAILED and len(attempts.members_of(session, attempt)) > 1:
        reason = f"rank {end.rank}: {reason}"
    attempts.end_attempt(session, master, job, attempt, to, fault=fault, reason=reason, actor=actor.label)


def _reason(end: Finish) -> str:
    if end.exit_code is not None:
        return f"{end.outcome} with exit code {end.exit_code}"
    return end.outcome
