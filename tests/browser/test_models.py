"""From a training to a champion, a prediction and a comparison."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from proteinx.contracts.jobs import GIB, JobCreate, Resources
from proteinx.contracts.serving import ServingSettings
from tests.browser.portal import Visitor
from tests.integration.harness import Lab

DATA = Path(__file__).resolve().parents[1] / "data" / "gb1_three_vs_rest.csv"
SEQUENCE = "MQYKLILNGKTLKGETTTEAVDAATAEKVFKQYANDNGVDGEWTYDDATKTFTVTE"
LIMIT = ServingSettings().sequences
Visit = Callable[..., Visitor]


def train(lab: Lab, seed: int) -> str:
    lab.member.datasets.upload("gb1", DATA)
    request = JobCreate(
        project="protein",
        name=f"ridge {seed}",
        inputs={"data": "gb1"},
        overrides=["model=ridge", f"seed={seed}"],
        resources=Resources(cpus=1, memory=GIB),
        register_as="fitness",
    )
    return lab.member.jobs.create(request).id


def saved(page: Page) -> str:
    """What the page's table is as a file."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    return download.value.path().read_text()


@pytest.fixture
def workers(workers: Lab) -> Iterator[Lab]:
    """A busy machine takes its time to fetch a model."""
    with workers.settings(claim_seconds=60):
        yield workers


def test_promote_roll_back_predict_and_compare(workers: Lab, visit: Visit) -> None:
    workers.agent()
    jobs = [train(workers, seed) for seed in (1, 2)]
    for job in jobs:
        workers.wait(job, seconds=240)
    visitor = visit("ana")
    page = visitor.page

    visitor.goto("/models", "Models")
    page.get_by_role("link", name="fitness").click()
    visitor.heading("fitness")
    for version, reason in (("1", "the first"), ("2", "another seed")):
        row = page.get_by_role("row", name=re.compile(f"^Version {version}"))
        row.get_by_role("button", name="Set an alias").click()
        expect(page.get_by_text("This version may become the champion")).to_be_visible()
        checks = page.get_by_role("list", name="Checks of the gate")
        expect(checks.get_by_text(re.compile(r"^Baselines: test spearman 0\.\d+ against"))).to_be_visible()
        page.get_by_label("Why").fill(reason)
        visitor.button("Set champion").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    visitor.tab("Alias history")
    visitor.button("Roll back to version 1").click()
    expect(page.get_by_text("champion is version 2 now; it moves to version 1.")).to_be_visible()
    page.get_by_label("Why").fill("it was better")
    visitor.button("Set champion").click()
    history = page.get_by_role("table", name="Alias history")
    expect(history.get_by_text("it was better")).to_be_visible()
    expect(history.get_by_text("rolled back")).to_be_visible()
    history.get_by_role("button", name="passed").first.click()
    expect(page.get_by_role("list", name="Checks of the gate").get_by_text("Model card: model_card.md")).to_be_visible()
    assert next(one for one in workers.member.models.all() if one.name == "fitness").aliases == {"champion": "1"}

    visitor.tab("Model card")
    expect(page.get_by_role("table", name="Metrics").get_by_text("test_spearman", exact=True)).to_be_visible()
    visitor.button("Describe this version").click()
    page.get_by_label("Text in Markdown").fill("**Bold** <img src=x onerror=alert(1)> [out](javascript:alert(1))")
    visitor.button("Save").click()
    expect(page.locator("strong").get_by_text("Bold")).to_be_visible()
    expect(page.locator("main img")).to_have_count(0)
    expect(page.locator("a[href^='javascript']")).to_have_count(0)

    visitor.tab("Predict")
    page.get_by_label("Paste sequences").fill(f"{SEQUENCE}\nMK1")
    expect(page.get_by_text("Line 2: “1” is no residue.")).to_be_visible()
    page.get_by_label("Paste sequences").fill(f">wild\n{SEQUENCE}\n>other\n{SEQUENCE[:-1]}A")
    visitor.button("Predict now").click()
    answer = page.get_by_role("table", name="Predict")
    expect(answer.get_by_role("row", name=re.compile("^wild"))).to_be_visible(timeout=120_000)
    expect(answer.get_by_role("columnheader", name="Nearest in training")).to_be_visible()
    assert saved(page).startswith("id,sequence,prediction,")
    page.get_by_label("Paste sequences").fill("\n".join([SEQUENCE] * (LIMIT + 1)))
    visitor.button("Predict now").click()
    expect(page.get_by_role("alert")).to_contain_text(f"The request has {LIMIT + 1} sequences, the most is {LIMIT}")
    visitor.button("Run as a job instead").click()
    expect(page.get_by_text(f"{LIMIT + 1} predictions")).to_be_visible(timeout=120_000)
    assert saved(page).startswith("id,sequence,prediction,")

    visitor.goto("/models", "Models")
    loaded = page.get_by_role("table", name="Loaded models")
    expect(loaded.get_by_role("row", name=re.compile("^fitness@1"))).to_contain_text("Ready")
    assert visitor.violations() == []
    visitor.button("Stop fitness@1").click()
    page.get_by_role("tooltip").get_by_role("button", name="Stop").click()
    expect(loaded).to_have_count(0)

    visitor.goto(f'/compare?jobs=["{jobs[0]}","{jobs[1]}"]', "Compare")
    settings, metrics = (page.get_by_role("region", name=name) for name in ("Settings", "Metrics"))
    expect(settings.get_by_role("row")).to_have_count(2)
    expect(settings.get_by_role("rowheader", name="seed")).to_be_visible()
    expect(metrics.get_by_role("rowheader", name="test_mae", exact=True)).to_be_visible()
    paired = page.get_by_role("table", name="Paired tests")
    expect(paired.get_by_text("not decided")).to_be_visible(timeout=60_000)
    visitor.choose("Score tested", "mae")
    expect(paired.get_by_role("row").last).to_contain_text(re.compile(r"\[−?\d|\[[+-]?\d"))
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("Compare in MLflow")).click()
    expect(opened.value.get_by_text("Comparing 2 Runs from 1 Experiment")).to_be_visible(timeout=60_000)
