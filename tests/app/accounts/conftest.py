from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.front_door import House, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """A master that nobody has set up."""
    with house(tmp_path) as made:
        yield made


@pytest.fixture
def admin(home: House) -> str:
    return home.set_up()
