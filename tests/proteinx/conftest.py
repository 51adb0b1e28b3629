from collections.abc import Iterator

import pytest

from tests.proteinx.scripted import Scripted


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.close()
