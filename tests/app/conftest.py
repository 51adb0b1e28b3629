from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.lab import Lab
from tests.app.postgres import cluster


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Its URL; skips where none is installed."""
    with cluster() as url:
        yield url
