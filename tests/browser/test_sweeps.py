"""A sweep from a job's form to its best trial, paused and gone on with; and that trial's way through the trash."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from proteinx.contracts.jobs import GIB, JobCreate, Resources
from tests.browser.portal import Visitor
from tests.integration.harness import Lab

Visit = Callable[..., Visitor]
SMALL = Resources(cpus=0.5, memory=GIB // 8)


def test_a_sweep_from_a_job_to_its_best_trial(workers: Lab, visit: Visit) -> None:
    workers.send_project("tuning")
    workers.agent()
    job = JobCreate(project="tuning", name="base", parameters={"pause": "0.05"}, resources=SMALL)
    first = workers.member.jobs.create(job).id
    visitor = visit("ana")
    page = visitor.page
    visitor.goto(f"/jobs/{first}", "base")
    visitor.button("More").click()
    page.get_by_role("menuitem", name="Sweep over its settings").click()

    visitor.heading("New sweep")
    section = page.get_by_role("region", name="Sweep", exact=True)
    section.get_by_label("Setting", exact=True).fill("lr")
    section.get_by_label("Values, with commas between").fill("0.01, 0.1, high")
    section.get_by_label("Metric", exact=True).fill("loss")
    section.get_by_label("Trials at once").fill("1")
    visitor.button("Start the sweep").click()
    expect(section.get_by_role("alert").filter(has_text="lr must be a number")).to_be_visible()
    section.get_by_label("Values, with commas between").fill("0.01, 0.1, 1")
    page.get_by_label("Name", exact=True).fill("by hand")
    visitor.button("Start the sweep").click()

    visitor.heading("by hand")
    visitor.button("Pause").click()
    visitor.status("Paused")
    expect(visitor.button("Stop")).to_be_visible()
    visitor.button("Resume").click()
    visitor.status("Finished")
    [sweep] = [one for one in workers.member.sweeps.page().items if one.name == "by hand"]
    assert sweep.best is not None and sweep.best.point == {"lr": 0.1}
    expect(page.locator("code").get_by_text("lr=0.1000")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("3 complete trials through their settings"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("3 complete trials in their order"))).to_be_visible()
    visitor.tab("Trials")
    rows = page.get_by_role("table", name="Trials").get_by_role("row")
    expect(rows).to_have_count(4)
    rows.nth(1).get_by_role("link", name=f"#{sweep.best.number}").click()
    visitor.heading(f"by hand-{sweep.best.number}")
    visitor.button("More").click()
    page.get_by_role("menuitem", name="Move to the trash").click()
    page.get_by_role("dialog").get_by_role("button", name="Move to the trash").click()
    expect(page.get_by_text("It is in the trash.")).to_be_visible()
    visitor.button("Take it back").click()
    expect(page.get_by_text("It is in the trash.")).to_have_count(0)
    page.get_by_role("link", name="by hand", exact=True).click()
    visitor.heading("by hand")
