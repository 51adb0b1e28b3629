from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.lab import Lab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path, f"sqlite:///{tmp_path / 'proteinx.db'}")
    yield made
    made.close()
