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
        return Explain(state=found, summary=_settled(session, job, found), position=None)
    wait = look(session, master, state.pending(job))
    return Explain(
        state=found,
        summary=_why(job, wait),
        position=wait.position,
        waiting=wait.waiting,
        starts_at=wait.starts_at,
        nodes=wait.nodes,
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
    queue = f"number {wait.position} of {wait.waiting} in the queue"
    if delay > 0:
        return f"It is tried again in {delay:.0f} s: {job.reason}."
    if not wait.nodes:
        return "No worker has joined yet: an admin makes a join token, the worker's agent starts with it."
    if wait.over_quota:
        return f"Its owner's quota is used up ({queue}): it starts when other jobs of theirs end."
    if any(reason == "has room" for reason in wait.nodes.values()):
        return f"It is next to be placed ({queue})."
    starts = f" It starts by {wait.starts_at:%Y-%m-%d %H:%M} UTC at the latest." if wait.starts_at else ""
    told = "; ".join(f"{name} {reason}" for name, reason in list(wait.nodes.items())[:3])
    return f"{queue[0].upper()}{queue[1:]}, and no node can take it now: {told}.{starts}"


def _settled(session: Session, job: Job, state: JobState) -> str:
    reason = f": {job.reason}" if job.reason else ""
    match state:
        case JobState.SCHEDULED:
            return _on_its_way(session, job)
        case JobState.HELD:
            return f"It is held{reason}"
        case JobState.CANCELLING:
            return f"It is being cancelled: its processes get up to {job.grace:g} s to end{reason}."
        case JobState.RUNNING:
            return f"It runs on {_where(session, job)}."
        case _:
            return f"It has {state.value if state is not JobState.CANCELLED else 'been cancelled'}{reason}."


def _on_its_way(session: Session, job: Job) -> str:
    attempt = session.get_one(Attempt, (job.id, job.attempt))
    doing = {
        AttemptState.ASSIGNED: "waits for the agent to take it",
        AttemptState.CLAIMED: "was taken by the agent",
        AttemptState.PREPARING: "fetches its code and inputs",
    }.get(AttemptState(attempt.state), f"is {attempt.state}")
    return f"It has a place on {_where(session, job)} and {doing}."


def _where(session: Session, job: Job) -> str:
    members = select(Node.name).join(Member, Member.node_id == Node.id)
    mine = members.where(Member.job_id == job.id, Member.attempt == job.attempt)
    return ", ".join(session.scalars(mine.order_by(Member.rank)))
