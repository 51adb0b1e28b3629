"""One lab for all tests here; each has its own workers. A failed test shows the logs of all that ran."""

import csv
import gzip
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import light
from tests.integration.harness import HASTY, Agent, Lab
from tests.integration.processes import ROOT


@pytest.fixture(scope="session")
def lab(real_lab: Lab) -> Lab:
    return real_lab


@pytest.fixture(scope="session")
def light_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python where only the wheel and what it needs are installed."""
    return light.make(tmp_path_factory.mktemp("light"))


@pytest.fixture(scope="session")
def gb1_small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every 24th row of the example."""
    path = tmp_path_factory.mktemp("data") / "GB1, small.csv"
    with gzip.open(ROOT / "examples/gb1_flip/three_vs_rest.csv.gz", "rt") as stream:
        header, *rows = csv.reader(stream)
    with path.open("w", newline="") as target:
        csv.writer(target).writerows([header, *rows[::24]])
    return path


@pytest.fixture(scope="module")
def resident(lab: Lab) -> Iterator[Agent]:
    """One worker for a whole file of tests."""
    agent = lab.agent()
    yield agent
    lab.remove(agent)


@pytest.fixture
def workers(lab: Lab) -> Iterator[Lab]:
    """The lab; workers started and jobs made in the test are gone after it."""
    yield lab
    lab.clear()


@pytest.fixture
def worker(workers: Lab) -> Agent:
    return workers.agent()


@pytest.fixture
def hasty(workers: Lab) -> Iterator[Lab]:
    """The lab, where a machine that falls silent is given up in seconds."""
    with workers.settings(**HASTY):
        yield workers


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    lab: Any = getattr(item, "funcargs", {}).get("lab")
    if report.failed and report.when == "call" and lab is not None:
        for child in (lab.master, *lab.agents):
            report.sections.append((child.name, child.tail()))
    return report
