"""Writers of one process on SQLite take turns."""

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import Database

WRITERS, ROUNDS = 20, 15


@pytest.fixture
def db(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with made.write() as session:
        session.execute(text("CREATE TABLE t (i INTEGER)"))
    return made


def count(db: Database) -> int:
    with db.read() as session:
        return int(session.scalar(text("SELECT count(*) FROM t")) or 0)


def test_many_writers_lose_nothing_and_nobody_waits_for_long(db: Database) -> None:
    waits: list[float] = []

    def write() -> None:
        for _ in range(ROUNDS):
            began = time.monotonic()
            with db.write() as session:
                session.execute(text("INSERT INTO t VALUES (1)"))
                waits.append(time.monotonic() - began)
                time.sleep(0.001)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    assert count(db) == len(waits) == WRITERS * ROUNDS
    assert max(waits) < took / 2, "in turn, a wait is a round of all writers; SQLite alone lets some wait to the end"


def test_a_turn_ends_with_its_transaction_however_that_ends(db: Database) -> None:
    with pytest.raises(ValueError, match="no"), db.write() as session:
        session.execute(text("INSERT INTO t VALUES (1)"))
        raise ValueError("no")
    with db.engine.connect() as connection:  # begins again on the same connection
        for _ in range(2):
            connection.execute(text("INSERT INTO t VALUES (1)"))
            connection.commit()
    with db.write() as session:
        session.execute(text("INSERT INTO t VALUES (1)"))
    assert count(db) == 3


def test_readers_wait_for_nobody(db: Database) -> None:
    with db.write() as session:
        session.execute(text("INSERT INTO t VALUES (1)"))
        assert count(db) == 0
