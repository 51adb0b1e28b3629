"""A real broker of our own on a free port."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.scheduling.broker import Broker
from app.settings import Settings


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    running = Broker(Settings(home=tmp_path, _env_file=None))
    running.start()
    yield running
    running.stop()
