"""Quotas and shares: everybody sees them, admins set them."""

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import quotas
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.committing import CommittingRoute
from app.deps import CurrentUser, MasterDep, ReadSession, WriteSession
from app.live import announce
from app.master import Master
from app.models import User
from app.scheduling import state
from app.workdir.service import get_settings
from proteinx.contracts.quotas import Quota, QuotaView

router = APIRouter(tags=["quotas"], route_class=CommittingRoute)


@router.get("/quotas")
def list_quotas(user: CurrentUser, session: ReadSession, master: MasterDep) -> list[QuotaView]:
    authorize(user, Action.VIEW)
    return _views(session, master)


@router.get("/users/{name}/quota")
def read_quota(name: str, user: CurrentUser, session: ReadSession, master: MasterDep) -> QuotaView:
    authorize(user, Action.VIEW)
    return _view(session, master, name)


@router.put("/users/{name}/quota")
def set_quota(name: str, quota: Quota, user: CurrentUser, session: WriteSession, master: MasterDep) -> QuotaView:
    quotas.put(session, user, name, quota)
    announce.wake_later(session)
    return _view(session, master, name)


@router.delete("/users/{name}/quota")
def remove_quota(name: str, user: CurrentUser, session: WriteSession, master: MasterDep) -> QuotaView:
    """Everybody's quota counts again."""
    quotas.remove(session, user, name)
    session.flush()
    announce.wake_later(session)
    return _view(session, master, name)


def _view(session: Session, master: Master, name: str) -> QuotaView:
    person = quotas.person(session, name)
    return next(view for view in _views(session, master) if view.user == person.name)


def _views(session: Session, master: Master) -> list[QuotaView]:
    states = state.users(session, master.memory.ledger, now(), get_settings(session))
    views = []
    for person in session.scalars(select(User).order_by(User.name)):
        quota, own = quotas.of(session, person.id)
        has = states[person.id]
        views.append(
            QuotaView(
                user=person.name,
                quota=quota,
                own=own,
                average=has.average,
                gpus=has.gpus,
                running=has.jobs,
                queued=quotas.queued(session, person.id),
            )
        )
    return views
