"""The migrations make the very tables that the models describe, on SQLite and on PostgreSQL where one is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect

from app import migrate
from app.db import make_engine
from app.models import Base
from tests.app.postgres import cluster


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'x.db'}"


@pytest.fixture
def postgres() -> Iterator[str]:
    with cluster() as url:
        yield url


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_models_and_migrations_agree(database: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(database)
    migrate.upgrade(url)
    command.check(migrate.configuration(url))  # raises where autogenerate would write anything
    migrate.upgrade(url)  # again: nothing to do
    engine = make_engine(url)
    made = set(inspect(engine).get_table_names())
    engine.dispose()
    assert made == set(Base.metadata.tables) | {"alembic_version"}


def test_a_migration_can_be_taken_back(sqlite: str) -> None:
    migrate.upgrade(sqlite)
    command.downgrade(migrate.configuration(sqlite), "base")
    engine = make_engine(sqlite)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_a_password_may_hold_any_sign(tmp_path: Path) -> None:
    folder = tmp_path / "100%"
    folder.mkdir()
    migrate.upgrade(f"sqlite:///{folder / 'x.db'}")
    assert (folder / "x.db").exists()
