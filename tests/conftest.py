"""What holds for all tests: the same examples in each run, and long files first."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.integration.harness import Lab

SLOW = [HealthCheck.too_slow]  # a matter of the machine
settings.register_profile(
    "same", derandomize=True, deadline=None, database=None, print_blob=True, suppress_health_check=SLOW
)
settings.load_profile("same")
"""What fails must have its cause in what changed. `--hypothesis-profile=default` looks for new examples."""

LONGEST_FIRST = ("browser", "integration", "chaos", "projects", "worker", "proteinlab", "proteinx", "rules")
"""The folders of tests/ in the order in which they run; those not named, with many short files, come last.

Files are handed out one by one, so that all processes end at about the same time if the last ones are short.
"""


def pytest_configure() -> None:
    """A shell without job control tells what it starts in the background to ignore Ctrl-C; tests press it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _rank(item.path))  # stable: within a folder the order stays


def _rank(path: Path) -> int:
    here = Path(__file__).parent
    folder = path.relative_to(here).parts[0] if path.is_relative_to(here) else ""
    return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.fixture(scope="session")
def real_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One for each process of the test run: the stories before a browser and those without share it."""
    running = Lab(tmp_path_factory.mktemp("lab"))
    try:
        running.start()
        yield running
    finally:
        running.stop()
