"""Each page in both languages and themes, wide and narrow: axe has nothing against it, and nothing scrolls sideways."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from proteinx.contracts.jobs import GIB, JobCreate, Resources
from proteinx.contracts.notifications import DestinationCreate, NotifyEvent
from proteinx.contracts.states import JobState
from proteinx.contracts.sweeps import SWEEP_ENDS, Dimension, SweepCreate
from tests.browser.portal import Visitor
from tests.integration.harness import Lab
from tests.waiting import until

DATA = Path(__file__).resolve().parents[1] / "data"
DATASETS = {"meltome": "meltome_full_task.csv", "globins": "globins45.ali.gz", "fibril": "2BEG.pdb.gz"}
PAGES = {
    "overview": "/",
    "jobs": "/jobs",
    "new job": "/jobs/new",
    "job": "/jobs/{job}",
    "log": "/jobs/{job}?tab=logs",
    "metrics": "/jobs/{job}?tab=metrics",
    "results": "/jobs/{job}?tab=artifacts&file=result.json",
    "config": "/jobs/{job}?tab=config",
    "timeline": "/jobs/{job}?tab=events",
    "failed job": "/jobs/{failed}",
    "sweep": "/sweeps/{sweep}",
    "new sweep": "/jobs/new?sweep=true",
    "compare": "/compare?jobs={job}&jobs={failed}",
    "data": "/data",
    "quality": "/data/meltome",
    "records": "/data/meltome?tab=sequences",
    "split": "/data/meltome?tab=split",
    "versions": "/data/meltome?tab=versions",
    "usage": "/data/meltome?tab=usage",
    "alignment": "/data/globins?tab=alignment",
    "structure": "/data/fibril?tab=structure",
    "models": "/models",
    "model": "/models/empty",
    "alias history": "/models/empty?tab=history",
    "nodes": "/nodes",
    "node": "/nodes/{node}",
    "account": "/settings",
    "tokens": "/settings?tab=tokens",
    "notifications": "/settings?tab=notifications",
    "workdir": "/settings?tab=workdir",
    "people": "/settings?tab=people",
    "join tokens": "/settings?tab=machines",
    "system": "/settings?tab=system",
    "retention": "/settings?tab=retention",
    "audit": "/settings?tab=audit",
    "no such page": "/nothing/here",
}


@pytest.fixture(scope="module")
def jobs(lab: Lab) -> Iterator[dict[str, str]]:
    agent = lab.agent()
    for name, file in DATASETS.items():
        lab.member.datasets.upload(name, DATA / file)
    httpx.post(
        f"{lab.master.url}/mlflow/api/2.0/mlflow/registered-models/create",
        json={"name": "empty"},
        headers={"Authorization": f"Bearer {lab.member_token}"},
    ).raise_for_status()
    url = "https://hooks.example.org/proteinx"
    lab.admin.notifications.create(
        DestinationCreate(name="group", url=url, events=[NotifyEvent.NODE_LOST], paused=True)
    )
    ids = {"job": lab.submit(parameters={"steps": 5}, name="seen"), "failed": lab.submit("broken", name="broken")}
    plan = SweepCreate(
        job=JobCreate(project="counter", resources=Resources(cpus=0.5, memory=GIB // 8)),
        space={"steps": Dimension(values=[2, 3])},
        metric="count",
        direction="maximize",
        finalists=1,
        seeds=[1],
        seed_key="pause",
    )
    ids["sweep"] = lab.member.sweeps.create(plan).id
    lab.wait(ids["job"])
    lab.wait(ids["failed"], JobState.FAILED)
    until(lambda: lab.member.sweeps.get(ids["sweep"]).state in SWEEP_ENDS, 60, "the sweep is over", every=0.2)
    yield ids | {"node": lab.admin.nodes.resolve(agent.node_name).id}
    lab.remove(agent)


@pytest.mark.parametrize(
    ("language", "theme", "width"),
    [
        ("zh", "dark", 1280),
        ("en", "light", 390),
        pytest.param("en", "light", 1280, marks=pytest.mark.slow),
        pytest.param("zh", "dark", 390, marks=pytest.mark.slow),
    ],
)
def test_every_page(
    lab: Lab, jobs: dict[str, str], visit: Callable[..., Visitor], language: str, theme: str, width: int
) -> None:
    """Two browsers take turns: while one page is looked at, the next one loads."""
    visitors = [visit("root", language=language, theme=theme, width=width) for _ in range(2)]
    paths = [path.format(**jobs) for path in PAGES.values()]
    found: list[str] = []
    visitors[0].page.goto(paths[0], wait_until="commit")
    for number, name in enumerate(PAGES):
        visitor = visitors[number % 2]
        if number + 1 < len(paths):
            visitors[(number + 1) % 2].page.goto(paths[number + 1], wait_until="commit")
        found += [f"{name}: {one}" for one in faults(visitor, width)]
    assert not found, "\n".join(found)


def faults(visitor: Visitor, width: int) -> list[str]:
    page = visitor.page
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    sideways = ["scrolls sideways"] if width < page.evaluate("document.documentElement.scrollWidth") else []
    return [*sideways, *visitor.violations()]
