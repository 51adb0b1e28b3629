"""What each person may take: their own quota, else everybody's from the settings."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import audit, users
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.errors import Conflict, NotFound, Unprocessable
from app.models import Job, QuotaRow, User
from app.workdir.service import get_settings
from proteinx.contracts.jobs import JobCreate
from proteinx.contracts.quotas import Quota
from proteinx.contracts.states import JobState
from proteinx.contracts.system import SystemSettings


def all_of(session: Session, settings: SystemSettings) -> dict[str, Quota]:
    """By user id."""
    query = select(User.id, QuotaRow).outerjoin(QuotaRow, QuotaRow.user_id == User.id)
    return {user_id: _quota(row) or settings.default_quota for user_id, row in session.execute(query)}


def of(session: Session, user_id: str) -> tuple[Quota, bool]:
    """And whether it is the person's own."""
    own = _quota(session.get(QuotaRow, user_id))
    return (own, True) if own is not None else (get_settings(session).default_quota, False)


def _quota(row: QuotaRow | None) -> Quota | None:
    if row is None:
        return None
    return Quota(
        max_gpus=row.max_gpus,
        max_running=row.max_running,
        max_queued=row.max_queued,
        max_priority=row.max_priority,
        share=row.share,
    )


def person(session: Session, name: str) -> User:
    """Raises NotFound."""
    user = users.named(session, name)
    if user is None:
        raise NotFound("unknown_user", f"There is no user {name[:64]}; `px admin users list` lists them.")
    return user


def put(session: Session, actor: UserActor, name: str, quota: Quota) -> None:
    authorize(actor, Action.ADMINISTER)
    user = person(session, name)
    session.merge(QuotaRow(user_id=user.id, **quota.model_dump()))
    session.flush()
    audit.write(session, actor, "quota.set", f"user:{user.name}", quota.model_dump())


def remove(session: Session, actor: UserActor, name: str) -> None:
    """Everybody's quota counts again."""
    authorize(actor, Action.ADMINISTER)
    user = person(session, name)
    row = session.get(QuotaRow, user.id)
    if row is not None:
        session.delete(row)
        audit.write(session, actor, "quota.remove", f"user:{user.name}")


def require_priority(session: Session, user: UserActor, priority: int) -> None:
    """Raises Unprocessable("priority_too_high")."""
    quota, _ = of(session, user.id)
    if priority > quota.max_priority:
        detail = f"Your highest priority is {quota.max_priority}; ask an admin for more."
        raise Unprocessable("priority_too_high", detail, field="priority")


def require_room(session: Session, user: UserActor, request: JobCreate) -> None:
    """Raises Unprocessable for a priority or a size that is never allowed, Conflict("queue_full").

    Within a writing session it is exact: the person's row is locked while their queue is counted.
    """
    require_priority(session, user, request.priority)
    quota, _ = of(session, user.id)
    gpus = request.resources.gpus * request.resources.nodes
    if quota.max_gpus is not None and gpus > quota.max_gpus:
        detail = f"The job asks for {gpus} GPUs in all, your quota is {quota.max_gpus}; ask an admin for more."
        raise Unprocessable("over_quota", detail, field="resources.gpus")
    if quota.max_queued is None:
        return
    session.execute(select(User.id).where(User.id == user.id).with_for_update())
    if queued(session, user.id) >= quota.max_queued:
        detail = f"You have {quota.max_queued} jobs waiting, as many as you may; wait, or cancel some."
        raise Conflict("queue_full", detail)


def queued(session: Session, user_id: str) -> int:
    query = select(func.count()).select_from(Job)
    return session.scalar(query.where(Job.owner_id == user_id, Job.state == JobState.PENDING.value)) or 0
