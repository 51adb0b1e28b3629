"""Engine and sessions. SQLite: WAL, and every writing transaction starts with BEGIN IMMEDIATE.

A deferred transaction that reads first and then writes is refused as locked at once when another one wrote in
between, whatever the busy timeout; an immediate one waits its turn.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from app.turns import Turns

BUSY_MS = 30_000
_HAS_TURN = "proteinx.turn"


def make_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=True)
    engine = create_engine(url, pool_size=40, max_overflow=20, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _configure_sqlite)
    _OneWriter().guard(engine)
    return engine


class _OneWriter:
    """Writers of this process wait for each other here, and write in turn.

    SQLite's own waiting sleeps and looks again, ever longer and in no order: with many writers some wait for seconds
    while others pass, and the last ones are refused.
    """

    def __init__(self) -> None:
        self._turns = Turns()

    def guard(self, engine: Engine) -> None:
        event.listen(engine, "begin", self._begin)
        # Not at "commit", which comes before the commit itself: the next one must find the database free.
        event.listen(engine, "checkin", self._end)
        event.listen(engine, "invalidate", self._end)

    def _begin(self, connection: Connection) -> None:
        if connection.get_execution_options().get("read_only", False):
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get(_HAS_TURN):
            # Who gets none in this time tries all the same: SQLite has the last word.
            connection.info[_HAS_TURN] = self._turns.take(BUSY_MS / 1000)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _end(self, _: object, record: ConnectionPoolEntry, *__: object) -> None:
        if record.info.pop(_HAS_TURN, False):
            self._turns.hand_on()


def _configure_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in (
        "journal_mode=WAL",
        f"busy_timeout={BUSY_MS}",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


class Database:
    """Hands out sessions: `write()` commits at its end or rolls back, `read()` never writes."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._write = sessionmaker(self.engine, expire_on_commit=False)
        self._read = sessionmaker(self.engine.execution_options(read_only=True), expire_on_commit=False)

    def listen(self, name: str, handler: Callable[..., None]) -> None:
        """Hooks `handler` into every writing session: `name` is one of SQLAlchemy's session events."""
        event.listen(self._write, name, handler)

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self._write.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._read() as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()
