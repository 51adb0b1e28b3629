"""What a member of an attempt says of itself: where it stands, and how it ended."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.accounts.actor import MemberActor
from app.clock import now
from app.errors import Conflict, Unprocessable
from app.jobs import allocations, attempts, scene
from app.jobs.logs import log_key
from app.jobs.scene import Scene
from app.jobs.transitions import move_member
from app.master import Master
from app.nodes import quarantine
from proteinx.contracts.faults import FaultAction, named
from proteinx.contracts.jobs import Finish, StateReport
from proteinx.contracts.phrases import say
from proteinx.contracts.states import AttemptState, Fault, JobState

_REPORTABLE = (AttemptState.PREPARING, AttemptState.RUNNING, AttemptState.FINALIZING)
_LAST_LINES = 200
_LINE_LENGTH = 2000


def report(session: Session, actor: MemberActor, job_id: str, number: int, state: StateReport) -> None:
    """Moves the member forward. What it has passed already is accepted: reports may come twice or late."""
    if state.state not in _REPORTABLE:
        raise Unprocessable("bad_state", "Report preparing, running or finalizing; the end goes to /finish.")
    scene.identify(actor, job_id, number, state.rank)
    here = scene.load(session, actor)
    scene.fence(here)
    attempt, member = here.attempt, here.member
    for step in attempts.steps_between(AttemptState(member.state), state.state):
        move_member(member, step)
    if state.detail:
        member.detail = member.detail | state.detail
    if state.environment:
        attempt.environment = attempt.environment | state.environment
    session.flush()
    attempts.advance(session, here.job, attempt, actor=actor.label)


def finish(session: Session, master: Master, actor: MemberActor, job_id: str, *, number: int, end: Finish) -> None:
    """Ends the member; the attempt ends with its last success, or with the first that did not succeed.

    The same report again is accepted, also when the attempt is over. Raises Gone if the attempt was ended otherwise,
    Conflict("not_finalizing") for a success before finalizing was reported.
    """
    scene.identify(actor, job_id, number, end.rank)
    here = scene.load(session, actor)
    if here.member.detail.get("finish") == end.outcome:
        return
    scene.fence(here)
    if end.started:
        _catch_up(session, here, end)
    if end.outcome == "succeeded":
        _succeed(session, master, here, end)
    else:
        _remember(master, here, end)
        _fail(session, master, here, end)


def _catch_up(session: Session, here: Scene, end: Finish) -> None:
    """A job that was over in a moment is told of once: its moves are written down all the same."""
    reached = AttemptState.FINALIZING if end.outcome == "succeeded" else AttemptState.RUNNING
    for step in attempts.steps_between(AttemptState(here.member.state), reached):
        move_member(here.member, step)
    here.member.detail = here.member.detail | end.detail
    here.attempt.environment = here.attempt.environment | end.environment
    session.flush()
    attempts.advance(session, here.job, here.attempt, actor=here.actor.label)


def _remember(master: Master, here: Scene, end: Finish) -> None:
    attempt, member = here.attempt, here.member
    member.detail = member.detail | {"finish": end.outcome}
    member.log_bytes = master.storage.size(log_key(member.job_id, member.attempt, member.rank)) or member.log_bytes
    attempt.exit_code = end.exit_code
    attempt.last_lines = [line[:_LINE_LENGTH] for line in end.last_lines[-_LAST_LINES:]]


def _succeed(session: Session, master: Master, here: Scene, end: Finish) -> None:
    member = here.member
    if member.state != AttemptState.FINALIZING.value:
        raise Conflict("not_finalizing", f"This member is {member.state}; report finalizing before success.")
    _remember(master, here, end)
    move_member(member, AttemptState.SUCCEEDED)
    allocations.release_host(session, member)
    _end_if_all_are_over(session, master, here, reason=end.reason)


def _fail(session: Session, master: Master, here: Scene, end: Finish) -> None:
    cancelling = here.job.state == JobState.CANCELLING.value
    to = AttemptState.CANCELLED if cancelling else AttemptState(end.outcome)
    rule = named(master.fault_rules, end.rule) if to is AttemptState.FAILED else None
    gang = len(attempts.members_of(session, here.attempt)) > 1
    if rule is not None and gang and rule.gang_only:
        _wait_for_the_cause(session, master, here)
        return
    fault = (rule.fault if rule else end.fault or Fault.USER) if to is AttemptState.FAILED else None
    reason = end.reason or _reason(end)
    if to is AttemptState.FAILED and gang:
        reason = say("of_rank", rank=end.rank, reason=reason)
    blamed = [] if rule is not None and rule.action is FaultAction.RESTART else [here.member.node_id]
    _end(session, master, here, to, fault=fault, reason=reason, blamed=blamed)
    if rule is not None and rule.action is FaultAction.QUARANTINE:
        quarantine.shut(session, here.member.node_id, say("of_job", job=here.job.id[:12], reason=rule.reason))


def _wait_for_the_cause(session: Session, master: Master, here: Scene) -> None:
    """A member that lost its peers is a symptom: whoever of them failed first will say why, or has fallen silent.

    The reaper ends the attempt if nobody says so in time.
    """
    here.member.detail = here.member.detail | {"ended_at": now().isoformat()}
    move_member(here.member, AttemptState.FAILED)
    allocations.release_host(session, here.member)
    _end_if_all_are_over(session, master, here, reason="")


def _end_if_all_are_over(session: Session, master: Master, here: Scene, *, reason: str) -> None:
    session.flush()
    members = attempts.members_of(session, here.attempt)
    if not all(attempts.is_over(member) for member in members):
        return
    if all(member.state == AttemptState.SUCCEEDED.value for member in members):
        _end(session, master, here, AttemptState.SUCCEEDED, fault=None, reason=reason)
    else:
        _end(session, master, here, AttemptState.FAILED, fault=Fault.INFRA, reason=attempts.LOST_PEERS)


def _end(
    session: Session,
    master: Master,
    here: Scene,
    to: AttemptState,
    *,
    fault: Fault | None,
    reason: str,
    blamed: Collection[str] = (),
) -> None:
    actor = here.actor.label
    attempts.end_attempt(
        session, master, here.job, here.attempt, to, fault=fault, reason=reason, actor=actor, blamed=blamed
    )


def _reason(end: Finish) -> str:
    if end.exit_code is not None and end.outcome == "failed":
        return say("failed_with_exit_code", exit_code=end.exit_code)
    return say(f"ended_{end.outcome}")
