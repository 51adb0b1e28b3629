"""Every test here runs on SQLite, and on PostgreSQL where a server is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.databases import lab_on_postgres
from tests.app.lab import Lab


@pytest.fixture(params=["sqlite", "postgresql"])
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lab]:
    if request.param == "sqlite":
        made = Lab(tmp_path)
        yield made
        made.close()
    else:
        with lab_on_postgres(request.getfixturevalue("postgres_server"), tmp_path) as made:
            yield made
