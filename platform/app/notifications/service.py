"""Destinations: made, changed, tried out and deleted by whoever they belong to."""

import secrets
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import UserActor
from app.accounts.authorize import Action, authorize
from app.clock import now
from app.errors import NotFound
from app.master import Master
from app.models import Destination, Notification, User
from app.notifications import addresses, groups, outbox, wording
from app.notifications.sending import NotSent
from proteinx.contracts.accounts import Role
from proteinx.contracts.notifications import (
    DestinationCreate,
    DestinationUpdate,
    DestinationView,
    Language,
    NotificationView,
    TestResult,
)


def create(session: Session, master: Master, user: UserActor, request: DestinationCreate) -> Destination:
    """Raises Unprocessable("bad_destination") or ("local_destination") for where nothing may be sent."""
    authorize(user, Action.CREATE)
    _require_scope(user, request)
    address = addresses.parse(request.url, request.secret)
    addresses.require_allowed(address, local=master.settings.notify_local)
    if address.kind in groups.ENDPOINTS:
        groups.check(address.kind, address.url)
    elif address.kind != "webhook":
        from app.notifications import by_apprise  # it takes half a second to load: only where somebody uses it

        by_apprise.check(address.kind, address.url)
    made = Destination(
        owner_id=user.id,
        kind=address.kind,
        url=address.url,
        secret=(request.secret or secrets.token_urlsafe(32)) if address.kind == "webhook" else None,
        address=address.shown[:300],
        created_at=now(),
        **_plain(request),
    )
    session.add(made)
    session.flush()
    audit.write(session, user, "notification.create", made.id, {"kind": made.kind, "address": made.address})
    return made


def change(session: Session, user: UserActor, destination_id: str, request: DestinationUpdate) -> Destination:
    found = _own(session, user, destination_id)
    _require_scope(user, request)
    for key, value in _plain(request).items():
        setattr(found, key, value)
    audit.write(session, user, "notification.change", found.id, _plain(request))
    return found


def remove(session: Session, user: UserActor, destination_id: str) -> None:
    """With what is still to be sent."""
    found = _own(session, user, destination_id)
    session.delete(found)
    audit.write(session, user, "notification.delete", found.id, {"address": found.address})


def try_out(master: Master, user: UserActor, destination_id: str) -> TestResult:
    """Sends one notification now, and says what came of it."""
    with master.db.read() as session:
        found = _own(session, user, destination_id)
    language: Language = "zh" if found.language == "zh" else "en"
    title = wording.test_title(language)
    payload: dict[str, object] = {"event": "test", "title": title, "text": title, "at": now().isoformat(), "data": {}}
    try:
        outbox.dispatch(master, found, f"test-{secrets.token_hex(4)}", payload, bad=False)
    except NotSent as error:
        return TestResult(sent=False, detail=str(error))
    return TestResult(sent=True, detail="")


def all_of(session: Session, user: UserActor) -> list[DestinationView]:
    """A person's own; an admin sees everybody's."""
    authorize(user, Action.VIEW)
    query = select(Destination, User.name).join(User, User.id == Destination.owner_id).order_by(Destination.created_at)
    if user.role is not Role.ADMIN:
        query = query.where(Destination.owner_id == user.id)
    rows = session.execute(query).all()
    waiting = _waiting(session, [row[0].id for row in rows])
    return [view(row[0], row[1], waiting.get(row[0].id, 0)) for row in rows]


def log_of(session: Session, user: UserActor, destination_id: str, limit: int) -> list[NotificationView]:
    """The newest first."""
    found = _own(session, user, destination_id)
    query = select(Notification).where(Notification.destination_id == found.id).order_by(Notification.id.desc())
    return [NotificationView.model_validate(row, from_attributes=True) for row in session.scalars(query.limit(limit))]


def view(found: Destination, owner: str, waiting: int = 0) -> DestinationView:
    fields = {name: getattr(found, name) for name in DestinationView.model_fields if name not in ("owner", "waiting")}
    return DestinationView(**fields, owner=owner, waiting=waiting)


def owner_name(session: Session, found: Destination) -> str:
    return session.get_one(User, found.owner_id).name


def _plain(request: DestinationUpdate) -> dict[str, object]:
    events = list(dict.fromkeys(event.value for event in request.events))
    return {
        "name": request.name,
        "events": events,
        "scope": request.scope,
        "language": request.language,
        "paused": request.paused,
    }


def _require_scope(user: UserActor, request: DestinationUpdate) -> None:
    if request.scope == "everyone":
        authorize(user, Action.ADMINISTER)


def _own(session: Session, user: UserActor, destination_id: str) -> Destination:
    """Raises NotFound, also for somebody else's: whom others tell of their jobs is theirs to know."""
    found = session.get(Destination, destination_id)
    if found is None or (found.owner_id != user.id and user.role is not Role.ADMIN):
        raise NotFound("unknown_destination", "You have no such notification.")
    return found


def _waiting(session: Session, ids: Sequence[str]) -> dict[str, int]:
    query = select(Notification.destination_id, func.count()).where(
        Notification.destination_id.in_(ids), Notification.state == "waiting"
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Notification.destination_id))}
