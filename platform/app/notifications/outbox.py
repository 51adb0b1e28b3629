"""Writes down who is to be told of what, and sends it: never in the way of anybody, and again until it arrives."""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.clock import now
from app.master import Master
from app.models import Destination, JobEventRow, Notification
from app.notifications import addresses, groups, happenings, webhook, wording
from app.notifications.sending import NotSent
from app.notifications.wording import Happening
from app.scheduling.placing import Fence
from proteinx.contracts.notifications import Kind, Language, NotifyEvent

log = logging.getLogger(__name__)

TRIES: Final = 12
FIRST_PAUSE: Final = 10.0
LONGEST_PAUSE: Final = 3600.0
AT_ONCE: Final = 20
TURN_SECONDS: Final = 10.0
"""After so long a turn ends, so that a master that goes down does not wait for a dead receiver."""
LOOK_EVERY: Final = 15.0
"""Seconds between two looks where no job has moved: machines, disk, sweeps."""
KEPT_FOR: Final = timedelta(days=30)


class Outbox:
    def __init__(self, master: Master) -> None:
        self._master = master
        self._seen = -1
        self._looked = 0.0

    def note(self, fence: Fence) -> None:
        """Writes a row for everything that is new to each destination; a key makes sure of once only."""
        with self._master.db.read() as session:
            newest = session.scalar(select(func.max(JobEventRow.id))) or 0
            if newest == self._seen and time.monotonic() - self._looked < LOOK_EVERY:
                return
            found = _missing(session, self._master)
        if found:
            with self._master.db.write() as session:
                fence(session)
                session.add_all(found)
        self._seen, self._looked = newest, time.monotonic()

    def deliver(self, fence: Fence) -> None:
        """Sends what is due, oldest first; a destination that fails is left alone for this turn."""
        began, failed = time.monotonic(), set[str]()
        for notification, destination in self._due():
            if destination.id in failed:
                continue
            error = _send(self._master, notification, destination)
            if error:
                failed.add(destination.id)
            with self._master.db.write() as session:
                fence(session)
                _settle(session, notification.id, error)
            if time.monotonic() - began > TURN_SECONDS:
                return

    def forget_old(self) -> None:
        with self._master.db.write() as session:
            session.execute(delete(Notification).where(Notification.ended_at < now() - KEPT_FOR))

    def _due(self) -> Sequence[tuple[Notification, Destination]]:
        query = (
            select(Notification, Destination)
            .join(Destination, Destination.id == Notification.destination_id)
            .where(Notification.state == "waiting", Notification.not_before <= now(), Destination.paused.is_(False))
            .order_by(Notification.id)
            .limit(AT_ONCE)
        )
        with self._master.db.read() as session:
            return [(row[0], row[1]) for row in session.execute(query)]


def _missing(session: Session, master: Master) -> list[Notification]:
    destinations = session.scalars(select(Destination).where(Destination.paused.is_(False))).all()
    if not destinations:
        return []
    told = list(happenings.lately(session, master))
    keys = [happening.key for happening, _, _ in told]
    query = select(Notification.destination_id, Notification.key).where(Notification.key.in_(keys))
    known = {(row[0], row[1]) for row in session.execute(query)}
    return [
        row_of(master, destination, happening)
        for happening, at, owner in told
        for destination in destinations
        if happening.event.value in destination.events
        and at >= destination.created_at
        and (owner is None or destination.scope == "everyone" or owner == destination.owner_id)
        and (destination.id, happening.key) not in known
    ]


def row_of(master: Master, destination: Destination, happening: Happening) -> Notification:
    language: Language = "zh" if destination.language == "zh" else "en"
    at = now()
    return Notification(
        destination_id=destination.id,
        key=happening.key,
        event=happening.event.value,
        title=wording.title(happening, language),
        text=wording.text(happening, language, master.settings.public_url),
        data={**happening.data, "path": happening.path},
        state="waiting",
        not_before=at,
        created_at=at,
    )


def _send(master: Master, notification: Notification, destination: Destination) -> str:
    """Why it could not be sent; empty if it was."""
    bad = NotifyEvent(notification.event) in wording.BAD
    payload: dict[str, object] = {
        "event": notification.event,
        "title": notification.title,
        "text": notification.text,
        "at": notification.created_at.isoformat(),
        "data": notification.data,
    }
    try:
        dispatch(master, destination, str(notification.id), payload, bad=bad)
    except NotSent as error:
        log.warning("notification %s to %s was not sent: %s", notification.id, destination.address, error)
        return str(error)
    return ""


def dispatch(master: Master, destination: Destination, delivery: str, payload: dict[str, object], *, bad: bool) -> None:
    """Raises NotSent."""
    local = master.settings.notify_local
    if destination.kind == "webhook":
        webhook.send(destination.url, destination.secret or "", delivery, payload, local=local)
        return
    kind: Kind = destination.kind  # type: ignore[assignment]  # written by us alone
    title, text = str(payload["title"]), str(payload["text"])
    if kind in groups.ENDPOINTS:
        groups.send(kind, destination.url, title, text)
        return
    from app.notifications import by_apprise  # it takes half a second to load: only where somebody uses it

    address = addresses.parse(destination.url, None)
    by_apprise.send(
        kind,
        destination.url,
        title,
        text,
        bad=bad,
        host=address.host,
        port=address.port,
        local=local,
    )


def _settle(session: Session, notification_id: int, error: str) -> None:
    row = session.get(Notification, notification_id)
    if row is None:  # its destination was deleted meanwhile
        return
    destination = session.get_one(Destination, row.destination_id)
    row.tries += 1
    row.error = destination.last_error = error
    if not error:
        row.state, row.ended_at = "sent", now()
        destination.last_sent_at = now()
    elif row.tries >= TRIES:
        row.state, row.ended_at = "dropped", now()
    else:
        row.not_before = now() + timedelta(seconds=pause(row.tries))


def pause(tries: int) -> float:
    """Seconds until the next try: 10, 20, 40 ... one hour."""
    return float(min(FIRST_PAUSE * 2.0 ** (tries - 1), LONGEST_PAUSE))
