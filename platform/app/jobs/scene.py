"""Who of an attempt speaks, and the rows that it is about."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.actor import MemberActor
from app.accounts.authorize import Action, authorize
from app.errors import Forbidden, Gone
from app.jobs import attempts
from app.models import Attempt, Job, Member


@dataclass(frozen=True, slots=True)
class Scene:
    actor: MemberActor
    job: Job
    attempt: Attempt
    member: Member


def identify(actor: MemberActor, job_id: str, number: int, rank: int) -> None:
    """Raises Forbidden or Gone unless the token is this very member's."""
    authorize(actor, Action.VIEW, job_id)
    if actor.attempt != number:
        raise Gone("fenced", f"This token is attempt {actor.attempt}'s, not attempt {number}'s.")
    if actor.rank != rank:
        raise Forbidden("forbidden", f"This token is rank {actor.rank}'s, not rank {rank}'s.")


def load(session: Session, actor: MemberActor) -> Scene:
    """With the job locked. Raises Gone."""
    job = attempts.lock_job(session, actor.job_id)
    attempt = session.get(Attempt, (actor.job_id, actor.attempt))
    member = session.get(Member, (actor.job_id, actor.attempt, actor.rank))
    if job is None or attempt is None or member is None:
        raise Gone("gone", "This attempt is not known any more; stop it.")
    return Scene(actor, job, attempt, member)


def fence(scene: Scene) -> None:
    """Raises Gone for what is over."""
    if attempts.is_over(scene.attempt) or attempts.is_over(scene.member):
        over = f"Attempt {scene.attempt.number} is {scene.attempt.state}"
        raise Gone("fenced", f"{over}; stop it and throw its work away.")
