"""The portal in a real Chromium: how soon it is there, long and busy logs, long lists, many runs."""

from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import portal_lists, portal_log, projects
from benchmarks.browsing import duration, timed
from benchmarks.figures import Figure
from proteinx.cli.browser_tests import find_chromium
from proteinx.contracts.states import JobState
from tests.integration.harness import PASSWORD, Lab

TRIES: Final = 5


def measure(lab: Lab) -> list[Figure]:
    worker = lab.agent()
    job = lab.submit(parameters={"steps": 1}, name="measured")
    lab.wait(job, JobState.SUCCEEDED)
    projects.send(lab, "shouter")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--use-angle=swiftshader"]
        )
        cold = [_cold(browser, lab.master.url) for _ in range(TRIES)]
        page = _signed_in(browser, lab)
        ready = [_ready(page) for _ in range(TRIES)]
        busy = portal_log.busy_log(page, lab)
        lab.remove(worker)
        portal_log.write_log(lab.master.workdir / "logs" / job / "1.0.log")
        runs = portal_lists.multiply(lab.master.home / "state" / "proteinx.db", job)
        figures = [
            duration("cold, to the sign-in page", cold, 1.2),
            duration("signed in, to the overview", ready, 1.2),
            *portal_log.long_log(page, job),
            *busy,
            *portal_lists.jobs(page),
            *portal_lists.nodes(page),
            *portal_lists.compared(page, lab, runs),
        ]
        browser.close()
    return figures


def _cold(browser: Browser, url: str) -> float:
    context = browser.new_context(base_url=url, locale="en-GB")
    page = context.new_page()
    seconds = timed(lambda: page.goto("/"), lambda: page.get_by_role("heading", name="Sign in").wait_for())
    context.close()
    return seconds


def _ready(page: Page) -> float:
    return timed(lambda: page.goto("/"), lambda: page.get_by_role("heading", name="Overview").wait_for())


def _signed_in(browser: Browser, lab: Lab) -> Page:
    context = browser.new_context(base_url=lab.master.url, locale="en-GB", viewport={"width": 1280, "height": 800})
    reply = context.request.post(
        "/api/session", data={"name": "ana", "password": PASSWORD}, headers={"Origin": lab.master.url}
    )
    assert reply.ok, reply.text()
    return context.new_page()
