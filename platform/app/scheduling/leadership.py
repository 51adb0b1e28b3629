"""One scheduler leads: a lease row in the database, renewed while it lives. Another process stands by."""

import hashlib
import os
import secrets
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clock import now
from app.db import Database
from app.models import Lease
from app.processes import identify, is_alive

NAME: Final = "scheduler"
TERM_SECONDS: Final = 15.0


class NotLeading(Exception):
    """Another process leads now; what this one had begun is rolled back."""


class Leadership:
    def __init__(self, db: Database, term: float = TERM_SECONDS) -> None:
        self._db = db
        self._term = term
        self._holder = f"{identify(os.getpid())}/{_place()}/{secrets.token_hex(4)}"
        self._lock = threading.Lock()
        self._sure_until = 0.0
        self._renew_at = 0.0
        self.takeovers = 0
        """How often this process began to lead."""

    @property
    def held(self) -> bool:
        """By the monotonic clock, so that a process that was stopped for a while does not believe it leads."""
        return time.monotonic() < self._sure_until

    def hold(self) -> bool:
        """Takes or renews the lease where that is due; whether this process leads."""
        with self._lock:
            if self.held and time.monotonic() < self._renew_at:
                return True
            asked = time.monotonic()
            led = self.held
            taken = self._renew() or self._take_first()
            self.takeovers += taken and not led
            self._sure_until = asked + self._term if taken else 0.0
            self._renew_at = asked + self._term / 3
            return taken

    def fence(self, session: Session) -> None:
        """Raises NotLeading unless the lease is ours within this very transaction."""
        row = session.scalars(select(Lease).where(Lease.name == NAME).with_for_update(read=True)).one_or_none()
        if row is None or row.holder != self._holder or row.expires_at <= now():
            self._sure_until = 0.0
            raise NotLeading

    def release(self) -> None:
        """Lets the next one in at once."""
        with self._lock, self._db.write() as session:
            session.execute(delete(Lease).where(Lease.name == NAME, Lease.holder == self._holder))
            self._sure_until = 0.0

    def _renew(self) -> bool:
        at = now()
        with self._db.write() as session:
            # One that ends further ahead than any lease can was taken under a clock that was set back since.
            impossible = Lease.expires_at > at + timedelta(seconds=3 * self._term)
            ours_or_over = or_(Lease.holder.in_(self._followed(session)), Lease.expires_at <= at, impossible)
            renewed = session.execute(
                update(Lease)
                .where(Lease.name == NAME, ours_or_over)
                .values(holder=self._holder, expires_at=at + timedelta(seconds=self._term))
                .returning(Lease.name)
            )
            return renewed.one_or_none() is not None

    def _followed(self, session: Session) -> list[str]:
        """Whose lease this process need not wait out: its own, and that of one that is known to be dead."""
        row = session.get(Lease, NAME)
        return [self._holder, *([row.holder] if row is not None and _is_dead(row.holder) else [])]

    def _take_first(self) -> bool:
        with self._db.read() as session:
            if session.get(Lease, NAME) is not None:
                return False
        try:
            with self._db.write() as session:
                session.add(Lease(name=NAME, holder=self._holder, expires_at=now() + timedelta(seconds=self._term)))
        except IntegrityError:  # another process was first
            return False
        return True


def _place() -> str:
    """Where process ids mean the same as here: this machine, and in it this container."""
    try:
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return ""
    return hashlib.sha256(f"{socket.gethostname()} {space}".encode()).hexdigest()[:12]


def _is_dead(holder: str) -> bool:
    """Only of one that ran here since the machine was started can that be known; for any other, its term decides."""
    identity, _, rest = holder.partition("/")
    own, place = identify(os.getpid()), _place()
    if own is None or not place or not rest.startswith(f"{place}/"):
        return False
    return _boot(identity) == _boot(own) and not is_alive(identity)


def _boot(identity: str) -> str:
    return identity.partition(":")[2].partition(".")[0]
