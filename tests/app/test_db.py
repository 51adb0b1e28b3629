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


def test_many_writers_lose_nothing(db: Database) -> None:
    """In which order they write: `test_turns`."""

    def write() -> None:
        for _ in range(ROUNDS):
            with db.write() as session:
                session.execute(text("INSERT INTO t VALUES (1)"))
                time.sleep(0.001)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(db) == WRITERS * ROUNDS


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
