"""Why a job is not running, in a sentence, with each node's own reason and when it will start."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.master import Master
from app.models import Attempt, Job, Member, Node
from app.scheduling import forecast, state
from app.scheduling.capacity import PendingJob
from app.scheduling.fitting import Need
from app.scheduling.ordering import NOBODY, in_order
from app.scheduling.placement import over_quota, place
from app.scheduling.reasons import reasons
from proteinx.contracts.jobs import Explain
from proteinx.contracts.phrases import say, told
from proteinx.contracts.states import AttemptState, JobState


@dataclass(frozen=True, slots=True)
class Wait:
    """What placement says of one job that waits."""

    position: int
    waiting: int
    starts_at: datetime | None
    over_quota: bool
    nodes: dict[str, str]


def explain(session: Session, master: Master, job: Job) -> Explain:
    found = JobState(job.state)
    if found is not JobState.PENDING:
        summary = _settled(session, job, found)
        return Explain(state=found, summary=summary, words=told(summary), position=None)
    wait = look(session, master, state.pending(job))
    summary = _why(job, wait)
    return Explain(
        state=found,
        summary=summary,
        words=told(summary),
        position=wait.position,
        waiting=wait.waiting,
        starts_at=wait.starts_at,
        nodes=wait.nodes,
        node_words={name: told(reason) for name, reason in wait.nodes.items()},
    )


def look(session: Session, master: Master, job: PendingJob) -> Wait:
    """The job need not exist: then it is as if it were made now."""
    at = now()
    seen = state.read(session, master.memory, at)
    queue = [*(one for one in seen.pending if one.id != job.id), job]
    ordered = [ranked.job.id for ranked in in_order(queue, at, seen.policy, seen.users)]
    position = ordered.index(job.id)
    plan = place(queue, seen.nodes, at, seen.policy, running=seen.running, users=seen.users)
    front = set(ordered[:position])
    kept = {node: one.job_id for one in plan.reservations if one.job_id in front for node in one.node_ids}
    own = next((one for one in plan.reservations if one.job_id == job.id), None)
    if own is not None:
        starts_at = own.starts_at
    else:
        starts_at = forecast.starts_at(job, queue, seen.nodes, at, seen.policy, running=seen.running, users=seen.users)
    user = seen.users.get(job.owner, NOBODY)
    names = _names(session, kept.values())
    return Wait(
        position=position + 1,
        waiting=len(queue),
        starts_at=starts_at,
        over_quota=over_quota(user, Need.of(job.resources)),
        nodes=reasons(job, seen.nodes, {node: names[job_id] for node, job_id in kept.items()}),
    )


def _names(session: Session, job_ids: Iterable[str]) -> dict[str, str]:
    rows = session.execute(select(Job.id, Job.name).where(Job.id.in_(set(job_ids))))
    return {job_id: f"{name} ({job_id[:12]})" for job_id, name in rows}


def _why(job: Job, wait: Wait) -> str:
    delay = (job.not_before - now()).total_seconds() if job.not_before else 0
    queue = {"position": wait.position, "waiting": wait.waiting}
    if delay > 0:
        return say("tried_again", seconds=f"{delay:.0f}", reason=job.reason)
    if not wait.nodes:
        return say("no_worker")
    if wait.over_quota:
        return say("quota_used", **queue)
    if any(reason == say("has_room") for reason in wait.nodes.values()):
        return say("next_to_be_placed", **queue)
    lacking = "; ".join(f"{name} {reason}" for name, reason in list(wait.nodes.items())[:3])
    if wait.starts_at is None:
        return say("no_room", nodes=lacking, **queue)
    return say("no_room_until", nodes=lacking, at=f"{wait.starts_at:%Y-%m-%d %H:%M}", **queue)


def _settled(session: Session, job: Job, state: JobState) -> str:
    match state:
        case JobState.SCHEDULED:
            return _on_its_way(session, job)
        case JobState.HELD:
            return say("held", reason=job.reason)
        case JobState.CANCELLING:
            return say("being_cancelled", seconds=f"{job.grace:g}", reason=job.reason)
        case JobState.RUNNING:
            return say("runs_on", nodes=_where(session, job))
        case _:
            code = "was_cancelled" if state is JobState.CANCELLED else f"has_{state.value}"
            return say(f"{code}_so", reason=job.reason) if job.reason else say(code)


def _on_its_way(session: Session, job: Job) -> str:
    attempt = session.get_one(Attempt, (job.id, job.attempt))
    code = {
        AttemptState.ASSIGNED: "waits_for_agent",
        AttemptState.CLAIMED: "taken_by_agent",
        AttemptState.PREPARING: "fetches",
    }.get(AttemptState(attempt.state), "on_its_way")
    return say(code, nodes=_where(session, job), state=attempt.state)


def _where(session: Session, job: Job) -> str:
    members = select(Node.name).join(Member, Member.node_id == Node.id)
    mine = members.where(Member.job_id == job.id, Member.attempt == job.attempt)
    return ", ".join(session.scalars(mine.order_by(Member.rank)))
