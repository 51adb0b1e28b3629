"""Labs on SQLite, and on PostgreSQL where a server is installed: the same tests for both."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from tests.app.lab import Lab, Template, make_template

TEMPLATE = "lab_template"


@contextmanager
def lab_on_postgres(server: str, folder: Path) -> Iterator[Lab]:
    """A lab in a database of its own, copied by the server from one that was made once."""
    name = f"lab_{uuid.uuid4().hex}"
    template = _template(server)
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    lab = Lab(folder, _at(server, name), template=template)
    try:
        yield lab
    finally:
        lab.close()
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@lru_cache
def _template(server: str) -> Template:
    _execute(server, f"CREATE DATABASE {TEMPLATE}")
    return make_template(_at(server, TEMPLATE))


def _at(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _execute(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
