"""Why a job is not running, in a sentence, with each node's own reason."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.models import Attempt, Job, Member, Node
from app.nodes import free
from app.scheduling import placement
from app.scheduling.capacity import PendingJob
from proteinx.contracts.jobs import Explain, Resources
from proteinx.contracts.states import AttemptState, JobState


def pending(job: Job) -> PendingJob:
    return PendingJob(
        id=job.id,
        priority=job.priority,
        created_at=job.created_at,
        resources=Resources.model_validate(job.resources),
        excluded_nodes=frozenset(job.excluded_nodes),
        not_before=job.not_before,
    )


def explain(session: Session, job: Job) -> Explain:
    state = JobState(job.state)
    if state is JobState.PENDING:
        return _waiting(session, job)
    return Explain(state=state, summary=_settled(session, job, state), position=None)


def _waiting(session: Session, job: Job) -> Explain:
    queue = session.scalars(select(Job).where(Job.state == JobState.PENDING.value)).all()
    position = [one.id for one in placement.in_order([pending(other) for other in queue])].index(job.id) + 1
    nodes = free.capacity(session)
    reasons = placement.explain(pending(job), nodes)
    return Explain(
        state=JobState.PENDING, summary=_why(job, position, len(queue), reasons), position=position, nodes=reasons
    )


def _why(job: Job, position: int, waiting: int, reasons: dict[str, str]) -> str:
    wait = (job.not_before - now()).total_seconds() if job.not_before else 0
    if wait > 0:
        return f"It is tried again in {wait:.0f} s: {job.reason}."
    if not reasons:
        return "No worker has joined yet: an admin makes a join token, the worker's agent starts with it."
    if any(reason == "has room" for reason in reasons.values()):
        return f"It is next to be placed (number {position} of {waiting} in the queue)."
    told = "; ".join(f"{name} {reason}" for name, reason in list(reasons.items())[:3])
    return f"Number {position} of {waiting} in the queue, and no node can take it now: {told}."


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
