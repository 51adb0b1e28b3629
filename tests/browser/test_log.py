"""The log view: following through a break, a million lines, search and links."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from proteinx.contracts.states import JobState
from tests.browser.portal import Visitor
from tests.integration.harness import Lab

STEP = re.compile(r"^step \d+$")
"""A line of the running job: which one is in sight is a matter of moments."""
Visit = Callable[..., Visitor]
LINES = 1_000_000


def test_following_goes_on_after_the_master_was_away(workers: Lab, visit: Visit) -> None:
    workers.agent()
    gate = workers.gate()
    job_id = workers.submit(parameters={"steps": 150, "hold": 20, "gate": gate}, name="followed")
    workers.wait_line(job_id, "step 10")
    visitor = visit("ana")
    page = visitor.page
    visitor.goto(f"/jobs/{job_id}?tab=logs", "followed")
    log = page.get_by_role("log")
    expect(log.get_by_text(STEP).first).to_be_visible()
    workers.master.kill()
    expect(page.get_by_text("Reconnecting")).to_be_visible()
    gate.touch()
    workers.master.start()
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=60_000)
    visitor.status("Succeeded")
    expect(log.get_by_text("last line", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("152 lines")).to_be_visible()  # none lost, none doubled


def test_scrolling_up_stops_following_until_one_asks_for_it(workers: Lab, visit: Visit) -> None:
    workers.agent()
    job_id = workers.submit(parameters={"steps": 50_000, "pause": 0.02}, name="scrolled")
    workers.wait_line(job_id, "step 100")
    visitor = visit("ana")
    page = visitor.page
    visitor.goto(f"/jobs/{job_id}?tab=logs", "scrolled")
    log = page.get_by_role("log")
    expect(log.get_by_text(STEP).first).to_be_visible()
    log.hover()
    page.mouse.wheel(0, -1500)
    pill = page.get_by_role("button", name="new lines")
    expect(pill).to_be_visible()
    page.keyboard.press("f")
    expect(pill).to_have_count(0)
    workers.member.jobs.cancel(job_id)
    visitor.status("Cancelled")


def test_a_million_lines(workers: Lab, visit: Visit) -> None:
    """The log's file is written beside the master, as if a job had printed for a week."""
    workers.agent()
    job_id = workers.submit(parameters={"steps": 1}, name="long log")
    workers.wait(job_id, JobState.SUCCEEDED)
    path = workers.master.workdir / "logs" / job_id / "1.0.log"
    with path.open("w") as file:
        for number in range(1, LINES + 1):
            file.write(f"line {number} 损失 {number % 97}\n" if number != 654_321 else "line 654321 ValueError: here\n")
    visitor = visit("ana")
    page = visitor.page
    visitor.goto(f"/jobs/{job_id}?tab=logs", "long log")
    log = page.get_by_role("log")
    expect(log.get_by_text(f"line {LINES} 损失", exact=False)).to_be_visible()
    expect(page.get_by_text("1,000,000 lines")).to_be_visible()
    log.evaluate("element => { element.scrollTop = 0 }")
    expect(log.get_by_text("line 1 损失 1", exact=True)).to_be_visible()
    log.evaluate("element => { element.scrollTop = element.scrollHeight / 2 }")
    expect(log.get_by_text("line 500001 ", exact=False)).to_be_visible()

    page.get_by_label("Search the log").fill("valueerror")
    expect(log.get_by_text("line 654321 ValueError: here")).to_be_visible()
    expect(page.get_by_text("1 / 1", exact=True)).to_be_visible()
    log.get_by_role("button", name="654321", exact=True).click()
    assert "line=654321" in page.url

    link = visit("root")
    link.goto(page.url.removeprefix(workers.master.url), "long log")
    line = link.page.get_by_role("log").get_by_text("line 654321 ValueError: here")
    expect(line).to_be_visible()
    assert link.page.locator("[data-marked]").inner_text().startswith("654321")
